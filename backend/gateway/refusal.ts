/** From a refusal, or from what was thrown, to the error body of the contract: a code and its sentence, never more. */
import { z } from 'zod';
import { errors, type ErrorBody, type ErrorCode } from '../../protocol/api/errors.ts';
import type { Refusal } from '../../protocol/api/row.ts';
import { storeFault } from '../store/fault.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
}

export function errorAnswer({ code, fields, retryAfterS }: Refusal, requestId: string): ErrorAnswer {
  const { status, sentence } = errors[code];
  return {
    status,
    headers: {
      ...(retryAfterS !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfterS))) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: { error: sentence, code, request_id: requestId, ...(fields && { fields: [...fields] }) },
  };
}

/** Fastify's and Node's names for bad requests. */
const requestFaults: ReadonlyMap<string, ErrorCode> = new Map([
  ['FST_ERR_BAD_URL', 'bad-request'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'unknown-route'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'too-large'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'bad-request'],
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'bad-json'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'wrong-media-type'],
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'too-slow'],
  ['ECONNRESET', 'bad-request'],
]);
const coded = z.object({ code: z.string() });

/** Null: the error is a bug, and nothing of it is told. */
export function knownFault(error: unknown): ErrorCode | null {
  switch (storeFault(error)) {
    case 'cannot-write':
      return 'storage-full';
    case 'busy':
    case 'unreachable':
      return 'store-unavailable';
    case 'damaged':
      return 'unexpected';
    case null: {
      const known = coded.safeParse(error);
      return known.success ? (requestFaults.get(known.data.code) ?? null) : null;
    }
  }
}
