/** One JSON request over the way out, with a bound on time and on the size of the answer. */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { explainError, explainStatus, explainTimeout, type ConnectFailure } from './failure.ts';
import type { Way } from './outbound.ts';
import { watchSteps } from './steps.ts';

export type JsonAnswer =
  | {
      readonly ok: true;
      readonly status: number;
      /** Not checked by a schema yet; undefined when it is no JSON. */
      readonly body: unknown;
    }
  | { readonly ok: false; readonly failure: ConnectFailure };

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 256 * 1024;

export async function postJson(url: URL, body: unknown, { route, options }: Way): Promise<JsonAnswer> {
  const payload = Buffer.from(JSON.stringify(body));
  const patience = AbortSignal.timeout(TIMEOUT_MS);
  const request = (route.encrypted ? https : http).request(url, {
    ...options,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': payload.length, accept: 'application/json' },
    signal: patience,
  });
  const step = watchSteps(request, route);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve).once('error', reject).end(payload);
    });
    const status = response.statusCode ?? 0;
    if (step() === 'proxy') return { ok: false, failure: explainStatus('proxy', status, undefined, route) };
    return { ok: true, status, body: parse(await textOf(response)) };
  } catch (error) {
    const failure = patience.aborted ? explainTimeout(step(), route) : explainError(step(), error, route);
    return { ok: false, failure };
  } finally {
    request.destroy();
  }
}

/** Empty when it is larger than any answer of the contract. */
function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let total = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (part: Buffer) => {
      total += part.length;
      parts.push(part);
      if (total > MOST_BYTES) resolve('');
    });
    response.once('end', () => {
      resolve(Buffer.concat(parts).toString('utf8'));
    });
    response.once('error', reject);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
