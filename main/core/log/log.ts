/** The desktop's log: JSON lines in the profile. What could be a secret never gets into a line. */
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { openLogFile } from './log-file.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const MAX_BYTES = 2 * 1024 * 1024;
const KEEP = 3;
/** A second wall: no line is written with these on purpose. */
const SECRETS = ['token', 'password', 'secret', 'authorization', 'registration_token', 'session_token', 'api_key'];

/** Closes with the returned disposable. */
export function openLog(profile: string, now: () => number): Log & Disposable {
  const file = openLogFile({ folder: join(profile, 'logs'), name: 'desktop.log', maxBytes: MAX_BYTES, keep: KEEP });
  const logger = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    file,
  );
  return Object.assign(logger, { [Symbol.dispose]: () => file[Symbol.dispose]() });
}
