/** One WebSocket to a server, alive or gone: it pings, measures, and notices silence; it tells its end exactly once, with the reason. */
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { WebSocket, type RawData } from 'ws';
import type { SocketRow } from '../../../protocol/api/row.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import type { Network } from '../network/network.ts';
import { desktopFailure } from '../outcome.ts';
import { userAgent } from './client.ts';
import { connectionFailure, tunnelRefused } from './connection-failure.ts';
import { refusalFailure } from './refusal.ts';

const PING_EVERY_MS = 15_000;
const SILENT_FOR_MS = 45_000;
/** A closing handshake that is not answered. */
const CLOSE_WITHIN_MS = 1_000;
const MAX_REFUSAL_BYTES = 64 * 1024;

export interface SocketOptions {
  readonly address: string;
  readonly path: string;
  /** What it is refused with is read by this row. */
  readonly row: SocketRow;
  readonly token: string;
  /** Offered; one of them has to be selected. */
  readonly subprotocols: readonly string[];
  readonly maxMessageBytes: number;
  /** For the handshake. */
  readonly timeoutMs: number;
}
export interface SocketEnd {
  readonly failure: Failure;
  /** Of the closing frame; null when there was none. */
  readonly code: number | null;
  /** Of a refusal before the upgrade. */
  readonly status: number | null;
  /** The server speaks WebSocket here, but none of the subprotocols. */
  readonly unselected: boolean;
}
export interface SocketHandlers {
  opened(): void;
  text(text: string): void;
  binary(bytes: Uint8Array): void;
  /** Round trip, at each pong. */
  measured?(latencyMs: number): void;
  closed(end: SocketEnd): void;
}
export interface Socket {
  /** Before it is open and after its end this does nothing. */
  send(message: string | Uint8Array): void;
  /** Reads nothing more until told to go on. */
  hold(on: boolean): void;
  /** What was sent goes out first. The handlers hear nothing more. */
  close(): void;
}
export interface SocketParts {
  readonly network: Network;
  readonly version: string;
  /** Wall clock. */
  readonly now: () => number;
  /** What is silent is told by a clock that nobody sets. */
  readonly monotonic: () => number;
}
/** Anything that opens a socket; a test puts its own in the place. */
export type Dial = (options: SocketOptions, handlers: SocketHandlers) => Socket;

export function createDial(parts: SocketParts): Dial {
  return (options, handlers) => {
    const stop = new AbortController();
    let socket: WebSocket | null = null;
    const open = (agent: Agent): void => {
      if (stop.signal.aborted) return;
      const url = options.address.replace(/^http/, 'ws') + options.path;
      let request: ClientRequest | null = null;
      socket = new WebSocket(url, [...options.subprotocols], {
        agent,
        headers: { Authorization: `Bearer ${options.token}`, 'User-Agent': userAgent(parts.version) },
        maxPayload: options.maxMessageBytes,
        perMessageDeflate: false,
        followRedirects: false, // a credential goes to nobody else
        finishRequest: (ready) => {
          request = ready;
          ready.end();
        },
      });
      attend(socket, { options, parts, handlers, stop, request: () => request });
    };
    void parts.network.agent().then(open);
    return {
      send(message) {
        if (socket?.readyState === WebSocket.OPEN) socket.send(message);
      },
      hold(on) {
        if (on) socket?.pause();
        else socket?.resume();
      },
      close() {
        if (stop.signal.aborted) return;
        stop.abort();
        if (socket !== null) leave(socket);
      },
    };
  };
}

interface Attended {
  readonly options: SocketOptions;
  readonly parts: SocketParts;
  readonly handlers: SocketHandlers;
  /** Aborted once nothing more is to be told. */
  readonly stop: AbortController;
  readonly request: () => ClientRequest | null;
}

function attend(socket: WebSocket, attended: Attended): void {
  const { options, handlers, stop } = attended;
  let unselected = false;
  const end = (how: Partial<SocketEnd> & Pick<SocketEnd, 'failure'>): void => {
    if (stop.signal.aborted) return;
    stop.abort();
    socket.terminate();
    handlers.closed({ code: null, status: null, unselected, ...how });
  };
  const handshake = setTimeout(() => end({ failure: lateFailure(attended) }), options.timeoutMs);
  stop.signal.addEventListener('abort', () => clearTimeout(handshake), { once: true });

  socket.on('upgrade', (response) => {
    unselected = options.subprotocols.length > 0 && response.headers['sec-websocket-protocol'] === undefined;
  });
  socket.on('open', () => {
    clearTimeout(handshake);
    if (stop.signal.aborted) return;
    keepAlive(socket, attended, () => end({ failure: desktopFailure('timed-out', 'The connection went silent.') }));
    handlers.opened();
  });
  socket.on('message', (data, isBinary) => {
    if (!stop.signal.aborted) deliver(data, isBinary, handlers);
  });
  socket.on('unexpected-response', (_, response) => {
    void readRefusal(response, options.row, attended).then((failure) =>
      end({ failure, status: response.statusCode ?? null }),
    );
  });
  socket.on('error', (error) => end({ failure: connectionFailure(error, proxiedOf(attended)) }));
  socket.on('close', (code, reason) => {
    end({ failure: desktopFailure('cut-off', `Closed with ${code} ${reason.toString('utf8')}`.trim()), code });
  });
}

const proxiedOf = ({ parts, request }: Attended) => {
  const made = request();
  return made === null ? null : parts.network.proxied(made);
};

function lateFailure(attended: Attended): Failure {
  const proxied = proxiedOf(attended);
  return proxied !== null && proxied.answer === null
    ? desktopFailure('proxy-failed', `The proxy ${proxied.proxy} did not answer in time.`)
    : desktopFailure('timed-out');
}

/** Any byte received is life; a ping asks for one. */
function keepAlive(socket: WebSocket, { parts, handlers, stop }: Attended, silent: () => void): void {
  let heardAt = parts.monotonic();
  let pingedAt = parts.monotonic();
  const heard = (): void => {
    heardAt = parts.monotonic();
  };
  const ping = (): void => {
    if (parts.monotonic() - heardAt >= SILENT_FOR_MS) {
      silent();
      return;
    }
    pingedAt = parts.monotonic();
    socket.ping();
  };
  socket.on('message', heard);
  socket.on('ping', heard);
  socket.on('pong', () => {
    heard();
    if (!stop.signal.aborted) handlers.measured?.(Math.round(parts.monotonic() - pingedAt));
  });
  const timer = setInterval(ping, PING_EVERY_MS);
  stop.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  ping();
}

function deliver(data: RawData, isBinary: boolean, handlers: SocketHandlers): void {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
  if (isBinary) handlers.binary(bytes);
  else handlers.text(bytes.toString('utf8'));
}

async function readRefusal(response: IncomingMessage, row: SocketRow, attended: Attended): Promise<Failure> {
  const tunnel = tunnelRefused(proxiedOf(attended));
  if (tunnel !== null) return tunnel;
  const text = await bodyOf(response);
  const { location, 'retry-after': retryAfter } = response.headers;
  return refusalFailure(row, { status: response.statusCode ?? 0, text, location, retryAfter }, attended.parts.now());
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk) || bytes + chunk.length > MAX_REFUSAL_BYTES) break;
      bytes += chunk.length;
      chunks.push(chunk);
    }
  } catch {
    // what came has to do
  }
  return Buffer.concat(chunks).toString('utf8');
}

function leave(socket: WebSocket): void {
  socket.removeAllListeners();
  socket.on('error', () => undefined); // closing before it is open is one
  if (socket.readyState !== WebSocket.OPEN) {
    socket.terminate();
    return;
  }
  const late = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
  socket.on('close', () => clearTimeout(late));
  socket.close(1000);
}
