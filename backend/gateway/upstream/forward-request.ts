/** An HTTP request handed on to the machine service, and its answer back: both streamed, neither kept. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Refusal } from '../../../protocol/api/row.ts';
import type { Admitted } from '../door.ts';
import type { Dial } from './dial.ts';
import { answerHeaders } from './headers.ts';

export interface ForwardedRequest {
  readonly request: IncomingMessage;
  /** Closed early, it ends the other side's too. */
  readonly response: ServerResponse;
  readonly admitted: Admitted;
  /** The largest body that is taken. */
  readonly mostBytes: number;
}
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: IncomingMessage;
}
type Refused = { readonly refuse: Refusal };

const UNAVAILABLE: Refused = { refuse: { code: 'service-unavailable' } };
const TOO_LARGE: Refused = { refuse: { code: 'too-large' } };

export async function forwardRequest(dial: Dial, forwarded: ForwardedRequest): Promise<Answer | Refused> {
  const { request, response, admitted, mostBytes } = forwarded;
  const length = request.headers['content-length'];
  if (Number(length ?? 0) > mostBytes) return TOO_LARGE;
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const upstream = await dial(request, admitted, hasBody && length !== undefined ? { 'content-length': length } : {});
  response.once('close', () => upstream.destroy());
  if (response.closed) upstream.destroy();
  return new Promise((resolve) => {
    // What breaks once the answer has begun breaks the answer's body.
    upstream.on('error', () => resolve(UNAVAILABLE));
    upstream.once('response', (body) => {
      upstream.setTimeout(0);
      resolve({ status: body.statusCode ?? 0, headers: answerHeaders(body), body });
    });
    if (!hasBody) return void upstream.end();
    countBytes(request, mostBytes, () => {
      request.unpipe(upstream);
      upstream.destroy();
      resolve(TOO_LARGE);
    });
    request.pipe(upstream);
  });
}

/** One that did not say its length is measured as it comes. */
function countBytes(request: IncomingMessage, most: number, tooMany: () => void): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > most) tooMany();
  });
}
