/** One WebSocket to the service, from dialling to its end, with everything that can go wrong named. */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, type RawData } from 'ws';
import type { ConnectStep } from '../../protocol/agent/status.ts';
import { errorBody } from '../../protocol/api/errors.ts';
import { agents } from '../../protocol/api/agents.ts';
import { AGENT_SUBPROTOCOL, MAX_MESSAGE } from '../../protocol/wire/control.ts';
import { explainError, explainStatus, explainTimeout, type ConnectFailure } from '../net/failure.ts';
import type { Way } from '../net/outbound.ts';
import { watchSteps, type Route } from '../net/steps.ts';

export interface SocketListener {
  /** The WebSocket is there; nothing is known yet of who answers. `bytesRead` grows with every byte that comes. */
  readonly opened: (bytesRead: () => number) => void;
  readonly text: (text: string) => void;
  readonly binary: (bytes: Uint8Array) => void;
  readonly pong: (text: string) => void;
}
export interface LinkSocket {
  /** The listener hears nothing after it. A failure when it never opened. */
  readonly closed: Promise<ConnectFailure | null>;
  readonly sendText: (text: string) => void;
  readonly sendFrame: (frame: Uint8Array) => void;
  readonly ping: (text: string) => void;
  /** In order: what was sent before still goes. */
  readonly close: (code: number, reason: string) => void;
  readonly cut: () => void;
}

/** From dialling to the WebSocket. */
const OPENING_MS = 20_000;

export function openSocket(server: URL, way: Way, userAgent: string, listener: SocketListener): LinkSocket {
  const url = new URL(agents.connect.path, server);
  url.protocol = way.route.encrypted ? 'wss:' : 'ws:';
  let watched: (() => ConnectStep) | null = null;
  let carrier: Socket | null = null;
  let opened = false;
  let failure: ConnectFailure | null = null;

  const socket = new WebSocket(url, [AGENT_SUBPROTOCOL], {
    ...way.options,
    headers: { 'user-agent': userAgent },
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    // Masks protect caches from scripts of web pages; without one the bytes need not be copied.
    generateMask: (mask) => mask.fill(0),
    finishRequest: (request: ClientRequest) => {
      watched = watchSteps(request, way.route);
      request.end();
    },
  });
  // Once it is a WebSocket, what fails is not the way here, but what answers.
  const step = (): ConnectStep => (carrier === null ? (watched?.() ?? 'name') : 'version');
  const fail = (found: ConnectFailure) => {
    failure ??= found;
    socket.terminate();
  };
  const late = setTimeout(() => {
    fail(explainTimeout(step(), way.route));
  }, OPENING_MS);

  socket.once('upgrade', (response: IncomingMessage) => {
    carrier = response.socket;
  });
  socket.once('unexpected-response', (_request, response) => {
    void explainResponse(response, step(), way.route).then(fail);
  });
  socket.once('open', () => {
    clearTimeout(late);
    opened = true;
    listener.opened(() => carrier?.bytesRead ?? 0);
  });
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const bytes = whole(data);
    if (isBinary) listener.binary(bytes);
    else listener.text(bytes.toString('utf8'));
  });
  socket.on('pong', (data: Buffer) => {
    listener.pong(data.toString('utf8'));
  });
  socket.on('error', (error) => {
    failure ??= explainError(step(), error, way.route);
  });
  const closed = new Promise<ConnectFailure | null>((resolve) => {
    socket.once('close', () => {
      clearTimeout(late);
      resolve(opened ? null : (failure ?? explainError(step(), null, way.route)));
    });
  });

  return {
    closed,
    sendText: (text) => {
      socket.send(text);
    },
    sendFrame: (frame) => {
      socket.send(frame);
    },
    ping: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.ping(text);
    },
    close: (code, reason) => {
      socket.close(code, reason);
    },
    cut: () => {
      socket.terminate();
    },
  };
}

/** `nodebuffer`, the default, gives one buffer a message. */
const whole = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Buffer.concat([data].flat().map((part) => new Uint8Array(part)));

/** A server of this API says in its own words why it does not take the socket. */
async function explainResponse(response: IncomingMessage, step: ConnectStep, route: Route): Promise<ConnectFailure> {
  const explained = explainStatus(step, response.statusCode ?? 0, response.headers['retry-after'], route);
  const said = explained.step === 'proxy' ? null : await readRefusal(response);
  return said === null ? explained : { ...explained, ...said };
}

async function readRefusal(response: IncomingMessage): Promise<{ code: string; message: string } | null> {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => {
    if (parts.length < 16) parts.push(part);
  });
  await new Promise<void>((resolve) => {
    response.once('end', resolve).once('error', resolve).once('close', resolve);
  });
  try {
    const body = errorBody.parse(JSON.parse(Buffer.concat(parts).toString('utf8')));
    return body.code === undefined ? null : { code: body.code, message: body.error };
  } catch {
    return null;
  }
}
