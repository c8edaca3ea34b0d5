/** What every command gets of the process it runs in. */
import type { ExitCode } from '../exit-codes.ts';

export interface Program {
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output. */
  readonly say: (line: string) => void;
  /** Standard error. */
  readonly complain: (line: string) => void;
  readonly now: () => number;
}

/** Says why it did not work, and how the program is to end. */
export function fail(program: Pick<Program, 'complain'>, code: ExitCode, message: string): ExitCode {
  program.complain(message);
  return code;
}
