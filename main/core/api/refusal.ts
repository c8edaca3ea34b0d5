/** What a server's refusal means, also one of a server that sends no codes, or of something that is no server of this API. */
import { errorBody, errors, type ErrorBody, type ErrorCode } from '../../../protocol/api/errors.ts';
import type { Row } from '../../../protocol/api/row.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import { desktopFailure } from '../outcome.ts';

export interface Refusal {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
  readonly text: string;
}

const MAX_SENTENCE = 500;
/** For a refusal without a code: what its status says, unless the row names a code of that status. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'bad-request',
  401: 'not-signed-in',
  403: 'role-too-low',
  404: 'not-found',
  405: 'wrong-method',
  413: 'too-large',
  415: 'wrong-media-type',
  426: 'upgrade-required',
  429: 'slow-down',
  503: 'not-ready',
};

export function refusalFailure(row: Row, refusal: Refusal, now: number): Failure {
  const body = errorBody.safeParse(json(refusal.text)).data;
  if (body === undefined) return withoutBody(refusal);
  const code = codeOf(row, refusal.status, body);
  const retry = retryAfter(refusal.retryAfter, now);
  return {
    code,
    message: body.error === '' ? errors[code].sentence : body.error.slice(0, MAX_SENTENCE),
    ...(body.request_id === undefined ? {} : { request_id: body.request_id }),
    ...(retry === null ? {} : { retry_after_s: retry }),
    ...(body.fields === undefined ? {} : { fields: body.fields }),
  };
}

/** The value, or undefined for what is no JSON. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(row: Row, status: number, body: ErrorBody): ErrorCode {
  const told = body.code ?? '';
  if (isErrorCode(told)) return told;
  const named = row.refuses?.find((code) => errors[code].status === status);
  return named ?? BY_STATUS[status] ?? (status < 500 ? 'bad-request' : 'unexpected');
}

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code);

function withoutBody({ status, location }: Refusal): Failure {
  // a reverse proxy whose server is away
  if (status >= 502 && status <= 504)
    return { code: 'not-ready', message: errors['not-ready'].sentence, detail: `Status ${status}.` };
  const to = location === undefined ? '' : ` It sends on to ${location}.`;
  return desktopFailure('not-this-api', `It answered with status ${status}.${to}`);
}

/** Seconds from now; the header holds seconds or a date. */
function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}
