/** Structured logs, one JSON line each. Secrets are kept out where lines are written; what slips in is struck out here. */
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

const secretNames = [
  'authorization',
  'cookie',
  'password',
  'current_password',
  'new_password',
  'token',
  'session_token',
  'registration_token',
  'api_key',
  'secret',
  'otp_code',
];

/** For lines whose every field is known to be no secret: looking for secrets takes longer than the line. */
export function withoutRedaction(log: Logger): Logger {
  return log.child({}, { redact: [] });
}

export function createLog(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    destination,
  );
}
