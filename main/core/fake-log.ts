/** A log for tests: keeps what was written. */
import type { Log } from './log/log.ts';

export interface FakeLog extends Log {
  /** Each line: its level, then its arguments as JSON. */
  readonly lines: readonly string[];
}

export function fakeLog(): FakeLog {
  const lines: string[] = [];
  const at =
    (level: string) =>
    (...args: readonly unknown[]): void => {
      lines.push(`${level} ${JSON.stringify(args)}`);
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
