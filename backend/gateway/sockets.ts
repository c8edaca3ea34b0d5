/** The WebSocket side of the gateway: everything is settled before the upgrade, and refused in plain HTTP. */
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { MAX_MESSAGE } from '../../protocol/wire/control.ts';
import { securityHeaders } from './headers.ts';
import type { Metrics } from './metrics.ts';
import { sendRaw } from './raw-answer.ts';
import { errorAnswer } from './refusal.ts';
import type { Arriving, SignInSockets } from './sign-in-sockets.ts';
import { settle, type Settled, type UpgradeParts } from './upgrade.ts';

export interface SocketParts extends UpgradeParts {
  readonly metrics: Pick<Metrics, 'request' | 'socketOpened'>;
  readonly isHttps: boolean;
  readonly newUuid: () => string;
  readonly now: () => number;
  /** Told of every socket of somebody signed in, to close it when the sign-in ends. */
  readonly signIns: SignInSockets;
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

  server.on('upgrade', (request, socket, head) => {
    // A client may be gone at any moment: no fault of ours.
    socket.on('error', () => socket.destroy());
    const requestId = parts.newUuid();
    const startedAt = parts.now();
    const arriving = parts.signIns.arrive();
    const finish = (settled: Settled): void => {
      const { outcome, subprotocol } = settled;
      const accepted = 'accept' in outcome;
      const refused = accepted ? null : errorAnswer(outcome.refuse, requestId);
      note(parts, settled, { requestId, status: refused?.status ?? SWITCHING_PROTOCOLS, ms: parts.now() - startedAt });
      if (refused) sendRaw(socket, refused, securityHeaders(requestId, parts.isHttps));
      if (!accepted) return;
      if (subprotocol !== null) agreed.set(request, subprotocol);
      upgrader.handleUpgrade(request, socket, head, (open) => {
        welcome(parts, { ...settled, arriving }, open, outcome.accept);
      });
    };
    void settle(parts, request, requestId)
      .then(finish)
      .finally(() => arriving.settled());
  });
  return { close: (graceMs) => closeAll(upgrader, graceMs) };
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

async function closeAll(upgrader: WebSocketServer, graceMs: number): Promise<void> {
  const open = [...upgrader.clients];
  const closed = open.map((client) => once(client, 'close'));
  for (const client of open) client.close(GOING_AWAY);
  const cutOff = setTimeout(() => {
    for (const client of open) client.terminate();
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
