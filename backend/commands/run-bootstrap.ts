/** `bootstrap`: the first organization, told once as one line of JSON, because its password is known nowhere else. */
import { randomBytes } from 'node:crypto';
import { createPasswords } from '../auth/passwords.ts';
import { bootstrap, type MakingParts } from '../data/bootstrap.ts';
import { openData, type DataParts } from '../data/data-folder.ts';
import { sentenceFor } from './sentences.ts';

export interface BootstrapOptions {
  readonly organization: string;
  readonly email: string;
  readonly username: string;
  readonly registrationToken?: string | undefined;
}
export interface CommandParts extends DataParts, Omit<MakingParts, 'store'> {
  readonly tell: (line: string) => void;
  readonly complain: (sentence: string) => void;
}

/** Answers the exit code. */
export async function runBootstrap(parts: CommandParts, options: BootstrapOptions): Promise<number> {
  const opened = await openData(parts);
  if (!opened.ok) {
    parts.complain(sentenceFor(opened.code, { ...parts, dataFolder: parts.folder, listenHost: '', port: 0 }));
    return 1;
  }
  await using store = opened.value;
  // 128 bits, in letters a person can type.
  const password = randomBytes(16).toString('base64url');
  const passwords = createPasswords({ atOnce: 1, waiting: 0 }, parts.newUuid());
  const hashed = await passwords.hash({ email: options.email, password });
  if (!hashed.ok) throw new Error('nothing else is hashing');
  const { organization, email, username, registrationToken } = options;
  const wish = { organization, email, username, passwordHash: hashed.hash, machine: registrationToken ?? null };
  const done = await bootstrap({ ...parts, store }, wish);
  if (done.ok) {
    const token = done.made.registrationToken;
    const made = { organization: done.made.slug, email, username, password };
    parts.tell(JSON.stringify({ ...made, ...(token !== null && { registration_token: token }) }));
    return 0;
  }
  switch (done.code) {
    case 'exists':
      parts.tell(JSON.stringify({ exists: true }));
      return 0;
    case 'organization-name':
      parts.complain('An organization’s name has letters, digits, dots, hyphens and spaces, and is not “platform”.');
      return 1;
    case 'username-taken':
      parts.complain(`The user name ${username} is taken. Choose another with --username.`);
      return 1;
  }
}
