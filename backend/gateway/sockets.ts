/** The WebSocket side of the gateway: everything is settled before the upgrade, and refused in plain HTTP. */
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { errors } from '../../protocol/api/errors.ts';
import { MAX_MESSAGE } from '../../protocol/wire/control.ts';
import { securityHeaders } from './headers.ts';
import type { Metrics } from './metrics.ts';
import { sendRaw } from './raw-answer.ts';
import { errorAnswer } from './refusal.ts';
import type { Arriving, SignInSockets } from './sign-in-sockets.ts';
import { settle, type Settled, type UpgradeParts } from './upgrade.ts';
import type { ForwardedTo } from './upstream/forward-upgrade.ts';
import type { Upstream } from './upstream/upstream.ts';

export interface SocketParts extends UpgradeParts {
  readonly metrics: Pick<Metrics, 'request' | 'socketOpened'>;
  readonly isHttps: boolean;
  readonly newUuid: () => string;
  readonly now: () => number;
  /** Told of every socket of somebody signed in, to close it when the sign-in ends. */
  readonly signIns: SignInSockets;
  /** Who answers the routes that are not ours; null: none is. */
  readonly upstream: Pick<Upstream, 'upgrade'> | null;
}
export interface Sockets {
  /** Closes all that are open as "going away", and cuts off what has not closed after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** RFC 6455, 7.4.1. */
const GOING_AWAY = 1001;
const SWITCHING_PROTOCOLS = 101;

export function attachSockets(server: Server, parts: SocketParts): Sockets {
  const agreed = new WeakMap<IncomingMessage, string>();
  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    // What is longer than a message may be is refused by who reads it, with a code; this only bounds the memory.
    maxPayload: 2 * MAX_MESSAGE,
    handleProtocols: (_offered, request) => agreed.get(request) ?? false,
  });
  upgrader.on('wsClientError', (_error, socket) => {
    const requestId = parts.newUuid();
    sendRaw(socket, errorAnswer({ code: 'bad-request' }, requestId), securityHeaders(requestId, parts.isHttps));
  });

  const joined = new Set<Duplex>();
  const finish = async (wish: Wish, settled: Settled, arriving: Arriving): Promise<void> => {
    const { request, socket, head } = wish;
    const requestId = settled.admitted?.visitor.requestId ?? wish.requestId;
    const outcome = await handedOn(parts, wish, settled);
    note(parts, settled, { requestId, status: statusOf(outcome), ms: parts.now() - wish.startedAt });
    if ('refuse' in outcome) {
      return sendRaw(socket, errorAnswer(outcome.refuse, requestId), securityHeaders(requestId, parts.isHttps));
    }
    if ('status' in outcome)
      return outcome.status === SWITCHING_PROTOCOLS ? keep(joined, socket, settled, parts) : undefined;
    if (settled.subprotocol !== null) agreed.set(request, settled.subprotocol);
    upgrader.handleUpgrade(request, socket, head, (open) => {
      welcome(parts, { ...settled, arriving }, open, outcome.accept);
    });
  };

  server.on('upgrade', (request, socket, head) => {
    // A client may be gone at any moment: no fault of ours.
    socket.on('error', () => socket.destroy());
    const wish = { request, socket, head, requestId: parts.newUuid(), startedAt: parts.now() };
    const arriving = parts.signIns.arrive();
    void settle(parts, request, wish.requestId)
      .then((settled) => finish(wish, settled, arriving))
      .finally(() => arriving.settled());
  });
  return { close: (graceMs) => closeAll(upgrader, joined, graceMs) };
}

interface Wish {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly requestId: string;
  readonly startedAt: number;
}

type Outcome = Exclude<Settled['outcome'], { readonly handOn: unknown }> | ForwardedTo;

/** What is settled here stays so; the rest the other service decides. */
async function handedOn({ upstream }: SocketParts, wish: Wish, { outcome }: Settled): Promise<Outcome> {
  if (!('handOn' in outcome)) return outcome;
  if (!upstream) throw new Error('a route of another service, and no such service');
  return upstream.upgrade({ ...wish, admitted: outcome.handOn });
}

function statusOf(outcome: Outcome): number {
  if ('refuse' in outcome) return errors[outcome.refuse.code].status;
  return 'status' in outcome ? outcome.status : SWITCHING_PROTOCOLS;
}

/** Counted until it closes, as our own are. */
function keep(joined: Set<Duplex>, socket: Duplex, { route }: Settled, { metrics }: SocketParts): void {
  const closed = metrics.socketOpened(route?.name ?? 'none');
  joined.add(socket);
  socket.once('close', () => {
    joined.delete(socket);
    closed();
  });
}

function welcome(
  { metrics, log }: SocketParts,
  { route, admitted, arriving }: Settled & { readonly arriving: Arriving },
  socket: WebSocket,
  accept: (socket: WebSocket) => void,
): void {
  const name = route?.name ?? 'none';
  const closed = metrics.socketOpened(name);
  socket.on('close', closed);
  // What breaks one socket (a message too large, a reset) closes it, and concerns no other.
  socket.on('error', (error) => log.debug({ route: name, err: error }, 'socket failed'));
  if (admitted?.member) arriving.add(socket, admitted.member);
  accept(socket);
}

async function closeAll(upgrader: WebSocketServer, joined: ReadonlySet<Duplex>, graceMs: number): Promise<void> {
  const open = [...upgrader.clients];
  const closed = [...open, ...joined].map((client) => once(client, 'close'));
  for (const client of open) client.close(GOING_AWAY);
  const cutOff = setTimeout(() => {
    for (const client of open) client.terminate();
    for (const socket of joined) socket.destroy();
  }, graceMs);
  await Promise.all(closed);
  clearTimeout(cutOff);
  upgrader.close();
}

function note(
  { metrics, log }: SocketParts,
  { route, admitted }: Settled,
  { requestId, status, ms }: { requestId: string; status: number; ms: number },
): void {
  const name = route?.name ?? 'none';
  metrics.request(name, status, ms / 1000);
  const who = { address: admitted?.visitor.address, user_id: admitted?.member?.account.id };
  log.info({ request_id: requestId, method: 'GET', route: name, status, ms, ...who }, 'upgrade');
}
