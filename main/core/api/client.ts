/** Calls to one server of the contract: a row and its arguments in, a parsed answer or a failure out. */
import process from 'node:process';
import axios, { isAxiosError, type AxiosResponse } from 'axios';
import { z } from 'zod';
import type { Answering, Args, JsonRow } from '../../../protocol/api/row.ts';
import type { Failure, Result } from '../../../protocol/bridge/failure.ts';
import type { Network } from '../network/network.ts';
import { desktopFailure, fail, invalidFields, ok, refused } from '../outcome.ts';
import { connectionFailure, tunnelRefused } from './connection-failure.ts';
import { json, refusalFailure } from './refusal.ts';

export interface CallOptions {
  /** Sent as Bearer token. */
  readonly token?: string;
  readonly signal?: AbortSignal;
}
/** One server. Nothing is sent twice, and no redirect is followed. */
export type CallServer = <R extends JsonRow, A>(
  row: R & Answering<A>,
  args: Args<R>,
  options?: CallOptions,
) => Promise<Result<A>>;

export interface ClientParts {
  readonly network: Network;
  /** Of the desktop; a server knows by it what kind of client calls. */
  readonly version: string;
  readonly now: () => number;
  readonly timeoutMs: number;
}

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** As browsers name their system, so that a server's lists say where a session was opened from. */
const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Macintosh',
  linux: 'Linux',
  win32: 'Windows NT',
};

export const userAgent = (version: string): string =>
  `webxterm-desktop/${version} (${SYSTEMS[process.platform] ?? process.platform})`;

export function connectTo(address: string, parts: ClientParts): CallServer {
  return async (row, args, options = {}) => {
    const request = requestOf(row, args);
    if (!request.ok) return request;
    const sent = await send(address, request.value, { ...parts, ...options });
    if (!sent.ok) return sent;
    const { status, text } = sent.value;
    const schema = status === 200 || status === 201 ? row.answer[status] : undefined;
    if (schema === undefined) return refused(refusalFailure(row, sent.value, parts.now()));
    const body = json(text);
    if (body === undefined) return fail('not-this-api', 'Its answer is no JSON.');
    const parsed = schema.safeParse(body);
    return parsed.success ? ok(parsed.data) : fail('not-understood', z.prettifyError(parsed.error).slice(0, 500));
  };
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | number>>;
  readonly body: unknown;
}
const given = z.object({
  params: z.record(z.string(), z.string()).default({}),
  query: z.record(z.string(), z.union([z.string(), z.number()]).optional()).default({}),
  body: z.unknown().optional(),
});

/** Parsed before it is sent: what the server would refuse for its form is told at once. */
function requestOf(row: JsonRow, args: object): Result<Request> {
  const { params, query, body } = given.parse(args);
  const parsed = row.body?.safeParse(body);
  if (parsed?.success === false) return refused(invalidFields(parsed.error));
  const path = row.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const asked = Object.entries(query).flatMap(([name, value]): [string, string | number][] =>
    value === undefined ? [] : [[name, value]],
  );
  return ok({ method: row.method, path, query: Object.fromEntries(asked), body: parsed?.data });
}

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  readonly location: string | undefined;
}

async function send(address: string, request: Request, parts: ClientParts & CallOptions): Promise<Result<Answered>> {
  const { network, token, signal } = parts;
  const agent = await network.agent();
  const timeout = AbortSignal.timeout(parts.timeoutMs);
  try {
    const response = await axios.request<unknown>({
      method: request.method,
      url: address + request.path,
      params: request.query,
      data: request.body,
      headers: {
        'User-Agent': userAgent(parts.version),
        Accept: 'application/json',
        'Content-Type': request.body === undefined ? false : 'application/json',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      adapter: 'http',
      httpAgent: agent,
      httpsAgent: agent,
      proxy: false, // the agent's work
      maxRedirects: 0, // a credential goes to nobody else
      maxContentLength: MAX_ANSWER_BYTES,
      responseType: 'text',
      transformResponse: (data: unknown) => data,
      validateStatus: () => true,
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    const tunnel = tunnelRefused(proxiedBy(network, response.request));
    return tunnel === null ? ok(answered(response)) : refused(tunnel);
  } catch (error) {
    return refused(failureOf(error, network, timeout));
  }
}

function answered({ status, data, headers }: AxiosResponse<unknown>): Answered {
  const header = (name: string): string | undefined => z.string().safeParse(headers[name]).data;
  return {
    status,
    text: z.string().catch('').parse(data),
    retryAfter: header('retry-after'),
    location: header('location'),
  };
}

function failureOf(error: unknown, network: Network, timeout: AbortSignal): Failure {
  const request: unknown = isAxiosError(error) ? error.request : null;
  const proxied = proxiedBy(network, request);
  if (timeout.aborted) {
    return proxied !== null && proxied.answer === null
      ? desktopFailure('proxy-failed', `The proxy ${proxied.proxy} did not answer in time.`)
      : desktopFailure('timed-out');
  }
  return connectionFailure(error, proxied);
}

const proxiedBy = (network: Network, request: unknown) =>
  typeof request === 'object' && request !== null ? network.proxied(request) : null;
