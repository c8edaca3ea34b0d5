/** `create-super-admin`: also while the server runs. */
import { createPasswords } from '../auth/passwords.ts';
import { openData } from '../data/data-folder.ts';
import { makeSuperAdmin } from '../data/super-admin.ts';
import { askPassword, readPassword, type PasswordGiven, type Terminal } from './password-input.ts';
import type { CommandParts } from './run-bootstrap.ts';
import { sentenceFor } from './sentences.ts';

export interface SuperAdminOptions {
  readonly email: string;
  readonly username: string;
  readonly passwordStdin?: boolean | undefined;
}

/** Answers the exit code. */
export async function runCreateSuperAdmin(
  parts: CommandParts & { readonly terminal: Terminal },
  { email, username, passwordStdin }: SuperAdminOptions,
): Promise<number> {
  const { complain, terminal } = parts;
  const given = passwordStdin ? await readPassword(terminal) : await askPassword(terminal);
  if (!given.ok) {
    complain(passwordComplaint(given.code));
    return 1;
  }
  const opened = await openData(parts);
  if (!opened.ok) {
    complain(sentenceFor(opened.code, { ...parts, dataFolder: parts.folder, listenHost: '', port: 0 }));
    return 1;
  }
  await using store = opened.value;
  const passwords = createPasswords({ atOnce: 1, waiting: 0 }, parts.newUuid());
  const hashed = await passwords.hash({ email, password: given.password });
  if (!hashed.ok) throw new Error('nothing else is hashing');
  const made = await makeSuperAdmin({ ...parts, store }, { email, username, passwordHash: hashed.hash });
  if (made.ok) {
    parts.tell(`${username} is a super admin now, and signs in with ${email}.`);
    return 0;
  }
  complain(
    made.code === 'email-taken'
      ? `There is a super admin with the email ${email} already.`
      : `The user name ${username} is taken. Choose another with --username.`,
  );
  return 1;
}

function passwordComplaint(code: Extract<PasswordGiven, { ok: false }>['code']): string {
  switch (code) {
    case 'no-terminal':
      return 'There is no terminal to ask for the password on. Give it on standard input with --password-stdin.';
    case 'too-short':
      return 'A password has 8 characters at least, and 1024 at most.';
    case 'not-the-same':
      return 'That was not the same twice. Nothing was made.';
    case 'cancelled':
      return 'Cancelled. Nothing was made.';
  }
}
