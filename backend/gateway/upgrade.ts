/** Settling a wish for a WebSocket, before anything is upgraded: the row it means, who asks, and what the handler says. */
import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Refusal } from '../../protocol/api/row.ts';
import type { Desk } from './desk.ts';
import type { Admitted } from './door.ts';
import type { Subprotocol } from './handlers.ts';
import { knownFault } from './refusal.ts';
import type { Matcher, Route } from './routes.ts';

export interface UpgradeParts {
  readonly match: Matcher;
  readonly desk: Desk;
  readonly log: Logger;
}
type Decision =
  | { readonly accept: (socket: WebSocket) => void }
  | { readonly refuse: Refusal }
  /** It may go on to the other service, which decides. */
  | { readonly handOn: Admitted };
export interface Settled {
  /** Null: the address is of no socket. */
  readonly route: Route | null;
  /** Null: a bug came first. */
  readonly admitted: Admitted | null;
  readonly subprotocol: Subprotocol;
  readonly outcome: Decision;
}

export async function settle(parts: UpgradeParts, request: IncomingMessage, requestId: string): Promise<Settled> {
  const target = targetOf(parts.match, request);
  const { route, query, subprotocol } = target;
  try {
    const { method = 'GET', url = '/', headers, socket } = request;
    const knock = { requestId, method, target: url, headers, query, socketAddress: socket.remoteAddress ?? '' };
    const admitted = await parts.desk.admit(route && route.row, knock);
    const outcome = admitted.refuse ? { refuse: admitted.refuse } : await decide(parts.desk, target, admitted);
    return { route, subprotocol, admitted, outcome };
  } catch (error) {
    const code = knownFault(error);
    if (code === null) parts.log.error({ err: error, request_id: requestId }, 'unexpected');
    return { route, subprotocol, admitted: null, outcome: { refuse: { code: code ?? 'unexpected' } } };
  }
}

interface Target {
  readonly route: Route | null;
  readonly params: unknown;
  readonly query: unknown;
  readonly subprotocol: Subprotocol;
  /** There is something at this address, but no socket. */
  readonly isOther: boolean;
}

function targetOf(match: Matcher, { url = '/', headers }: IncomingMessage): Target {
  const { pathname, query } = splitUrl(url);
  const matches = match(pathname) ?? [];
  const found = matches.find(({ route }) => route.row.kind === 'socket');
  return {
    route: found?.route ?? null,
    params: found?.params,
    query,
    subprotocol: found ? agreedOn(found.route, headers['sec-websocket-protocol']) : null,
    isOther: matches.length > 0,
  };
}

async function decide(desk: Desk, target: Target, admitted: Admitted): Promise<Decision> {
  const { route, params, query, subprotocol, isOther } = target;
  if (!route) return { refuse: { code: isOther ? 'bad-request' : 'unknown-route' } };
  if (!route.handle) return { handOn: admitted };
  const outcome = await desk.answer(route, admitted, { params, query, body: undefined }, subprotocol);
  if ('accept' in outcome || 'refuse' in outcome) return outcome;
  throw new Error(`the handler of ${route.name} answered what its row does not`);
}

/** The client's first choice that the row knows. None: the client may then speak plainly. */
function agreedOn({ row }: Route, offered: string | undefined): Subprotocol {
  const known = row.kind === 'socket' ? row.subprotocols : [];
  const wanted = (offered ?? '').split(',').map((one) => one.trim());
  return wanted.find((one) => known.includes(one)) ?? null;
}

function splitUrl(url: string): { pathname: string; query: Record<string, unknown> } {
  const at = url.indexOf('?');
  return at < 0 ? { pathname: url, query: {} } : { pathname: url.slice(0, at), query: parse(url.slice(at + 1)) };
}
