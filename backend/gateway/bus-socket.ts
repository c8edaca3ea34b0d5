/** The socket that carries the bus between the two services: dialled by the auth service, proven by both, watched by both. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { WebSocket } from 'ws';
import type { Service } from '../../protocol/api/table.ts';
import { backoff } from '../../protocol/wire/backoff.ts';
import type { Link, LinkedBus } from '../bus/linked.ts';
import { keepAlive } from '../machines/liveness.ts';
import { sendBounded } from '../machines/send-queue.ts';
import { readInOrder } from '../machines/terminals/inbox.ts';
import { ASSERTION, type Verifier, type Voucher } from './assertion.ts';
import type { OwnRoute } from './routes.ts';

/** In no contract: the auth service has no such address, so it vouches for nobody else there. */
const TARGET = '/internal/bus';
/** A peer that is silent for longer is gone: terminals are handed on only to one that hears of revocations. */
const liveness = { pingMs: 2_000, silentMs: 6_000 };
/** What may wait for a slow peer, in bytes. */
const MOST_WAITING = 4 * 1024 * 1024;

interface Parts {
  readonly bus: Pick<LinkedBus, 'link'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly monotonic: () => number;
}

/** The machine service's end. The door has let only the auth service in; it is shown that it dialled the right one. */
export function busRoute(parts: Parts & { readonly verifier: Pick<Verifier, 'prove'> }): OwnRoute {
  return {
    name: 'internal.bus',
    row: { kind: 'socket', method: 'GET', path: TARGET, access: 'agent', rate: 'none', subprotocols: [] },
    async handle(_input, { requestId }) {
      const proof = await parts.verifier.prove(requestId);
      return {
        accept(socket) {
          socket.send(proof);
          const link = linkOver(socket, 'auth', parts);
          listen(socket, parts, (text) => receive(socket, link, text));
        },
      };
    },
  };
}

export interface DiallingParts extends Parts {
  readonly url: URL;
  readonly voucher: Voucher;
  readonly newUuid: () => string;
  readonly random: () => number;
}
/** The auth service's end, dialled again whenever it broke. */
export interface DialledLink extends AsyncDisposable {
  /** The machine service has proven itself, and hears of every revocation. */
  readonly isUp: boolean;
}

export function dialBus(parts: DiallingParts): DialledLink {
  const ends = new AbortController();
  let isUp = false;
  const keep = async (): Promise<void> => {
    for (let failures = 0; !ends.signal.aborted; failures++) {
      const up = (): void => {
        isUp = true;
        failures = 0;
        parts.log.info({ url: parts.url.origin }, 'linked to the machine service');
      };
      const why = await dialOnce(parts, ends.signal, up);
      if (isUp || failures === 0) parts.log.warn({ url: parts.url.origin, why }, 'no link to the machine service');
      isUp = false;
      await wait(backoff(failures, parts.random), null, { signal: ends.signal }).catch(() => undefined);
    }
  };
  const keeping = keep();
  return {
    get isUp() {
      return isUp;
    },
    async [Symbol.asyncDispose]() {
      ends.abort();
      await keeping;
    },
  };
}

/** Answers why it is over. */
async function dialOnce(parts: DiallingParts, signal: AbortSignal, up: () => void): Promise<string> {
  const { url, voucher } = parts;
  const requestId = parts.newUuid();
  const visitor = { requestId, address: '', source: 'cli' as const, host: url.host };
  const wanted = { method: 'GET', target: TARGET };
  const assertion = await voucher.sign({ bearer: null, visitor }, wanted);
  const address = new URL(TARGET, url.href.replace(/^http/, 'ws'));
  const socket = new WebSocket(address, {
    headers: { [ASSERTION]: assertion },
    perMessageDeflate: false,
    handshakeTimeout: liveness.silentMs,
  });
  const over: { why?: string } = {};
  const end = (why: string): void => {
    over.why ??= why;
    socket.terminate();
  };
  socket.on('error', ({ message }) => end(message));
  socket.on('unexpected-response', (_request, { statusCode }) =>
    end(statusCode === FORBIDDEN ? STRANGERS : `it answered ${statusCode}`),
  );
  let link: Link | null = null;
  listen(socket, parts, async (text) => {
    if (link) return receive(socket, link, text);
    if (!(await voucher.isProof(text, requestId))) return end(STRANGERS);
    link = linkOver(socket, 'machines', parts);
    up();
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const stop = (): void => end('we stop');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  await closed;
  signal.removeEventListener('abort', stop);
  return over.why ?? 'it was closed';
}

const FORBIDDEN = 403;
const STRANGERS = 'the two do not know each other: they need the same JWT_SECRET, and clocks that agree';

function listen(socket: WebSocket, { log, monotonic }: Parts, heard: (text: string) => void | Promise<void>): void {
  readInOrder(
    socket,
    (data) => heard(data.toString()),
    (error) => {
      log.error({ err: error }, 'the bus failed');
      socket.terminate();
    },
  );
  const watch = (): void => keepAlive(socket, { settings: liveness, now: monotonic });
  if (socket.readyState === WebSocket.OPEN) watch();
  else socket.once('open', watch);
}

function linkOver(socket: WebSocket, service: Service, { bus }: Parts): Link {
  const link = bus.link({ service, send: (text) => sendBounded(socket, text, MOST_WAITING) });
  socket.on('close', () => link.close());
  return link;
}

function receive(socket: WebSocket, link: Link, text: string): void {
  if (!link.receive(text)) socket.terminate();
}
