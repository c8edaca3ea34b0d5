/** Success and failure as values: what every part of the core answers with, and what crosses the bridge. */
import type { z } from 'zod';
import { errors, type ErrorCode } from '../../protocol/api/errors.ts';
import { desktopFailures, type DesktopFailureCode, type Failure, type Result } from '../../protocol/bridge/failure.ts';

type Refused = Extract<Result<never>, { readonly ok: false }>;

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
/** What succeeds with nothing to tell. */
export const done: Result<null> = { ok: true, value: null };

export const refused = (failure: Failure): Refused => ({ ok: false, failure });

/** A failure of the desktop itself, with its sentence. `detail` is what exactly was seen, never a secret. */
export function desktopFailure(code: DesktopFailureCode, detail?: string): Failure {
  return { code, message: desktopFailures[code], ...(detail === undefined ? {} : { detail }) };
}
export const fail = (code: DesktopFailureCode, detail?: string): Refused => refused(desktopFailure(code, detail));

/** A failure by a code of the REST contract, for what the desktop concludes without an answer that says so. */
export const apiFailure = (code: ErrorCode): Failure => ({ code, message: errors[code].sentence });

/** What was given does not have the form it should have, field by field. */
export const invalidFields = (error: z.ZodError): Failure => ({
  ...apiFailure('invalid-fields'),
  fields: error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
});
