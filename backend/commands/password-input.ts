/** A password from the person: typed twice without an echo, or one line of standard input. Never an argument: others can read those. */
import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';
import { newPassword } from '../../protocol/api/values.ts';

export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable;
}
export type PasswordGiven =
  | { readonly ok: true; readonly password: string }
  | { readonly ok: false; readonly code: 'no-terminal' | 'too-short' | 'not-the-same' | 'cancelled' };

export async function readPassword({ input }: Pick<Terminal, 'input'>): Promise<PasswordGiven> {
  const lines = createInterface({ input, terminal: false });
  for await (const line of lines) return checked(line);
  return { ok: false, code: 'too-short' };
}

export async function askPassword(terminal: Terminal): Promise<PasswordGiven> {
  if (terminal.input.isTTY !== true) return { ok: false, code: 'no-terminal' };
  const first = await askHidden(terminal, 'Password: ');
  if (first === null) return { ok: false, code: 'cancelled' };
  const good = checked(first);
  if (!good.ok) return good;
  const second = await askHidden(terminal, 'The same again: ');
  if (second === null) return { ok: false, code: 'cancelled' };
  return first === second ? good : { ok: false, code: 'not-the-same' };
}

function checked(password: string): PasswordGiven {
  const parsed = newPassword.safeParse(password);
  return parsed.success ? { ok: true, password: parsed.data } : { ok: false, code: 'too-short' };
}

/** Null: Ctrl-C or the end of input. */
function askHidden({ input, output }: Terminal, question: string): Promise<string | null> {
  // Readline echoes to where it writes: nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  return new Promise((resolve) => {
    const answer = (line: string | null): void => {
      lines.removeAllListeners('close');
      lines.close();
      output.write('\n');
      resolve(line);
    };
    lines.once('line', answer);
    lines.once('SIGINT', () => answer(null));
    lines.once('close', () => answer(null));
    output.write(question);
  });
}
