/** The loopback server of the browser host: the window's files, the one post of a launch, and the upgrades to its sockets. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pagePolicy, pageWithNonce, securityHeaders } from '../page.ts';
import { readRendererFile } from '../renderer-files.ts';
import { judge, type Asked, type Refusal } from './guard.ts';
import { launchedPage, launchedPolicy, usedLauncherPage } from './launch-page.ts';
import type { WindowKeys } from '../../../protocol/bridge/socket.ts';

export const loopback = '127.0.0.1';

export interface HttpParts {
  /** Host and port of this host, once it listens. */
  readonly own: () => string;
  readonly rendererFolder: string;
  readonly newNonce: () => string;
  readonly redeem: (token: string) => Promise<WindowKeys | null>;
  readonly upgrade: (route: 'bridge' | 'terminal', request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** For the log: what went wrong while answering. */
  readonly onError: (error: unknown) => void;
}

const statusOf: Record<Refusal, number> = {
  'wrong-host': 421,
  'wrong-origin': 403,
  'wrong-method': 405,
  'not-found': 404,
};
const longestLaunch = 1024;

export function createHttpServer(parts: HttpParts): Server {
  const server = createServer({
    requestTimeout: 10_000,
    headersTimeout: 5000,
    keepAliveTimeout: 5000,
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = 1024;
  server.on('request', (request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      parts.onError(error);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: 'failed' });
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const judged = judge(asked(request, true), parts.own());
    if (judged.ok && (judged.route === 'bridge' || judged.route === 'terminal'))
      parts.upgrade(judged.route, request, socket, head);
    else refuseUpgrade(socket, judged.ok ? 'not-found' : judged.code);
  });
  return server;
}

async function answer(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const wish = asked(request, false);
  const judged = judge(wish, parts.own());
  if (!judged.ok) return send(response, { status: statusOf[judged.code], body: judged.code });
  if (judged.route === 'launch') await launch(parts, request, response);
  else await sendFile(parts, wish.pathname, response);
}

async function sendFile(parts: HttpParts, pathname: string, response: ServerResponse): Promise<void> {
  const file = await readRendererFile(parts.rendererFolder, pathname);
  if (!file) return send(response, { status: 404, body: 'not-found' });
  if (file.kind === 'part') {
    // Named by what is in it.
    const headers = { 'Content-Type': file.type, 'Cache-Control': 'private, max-age=31536000, immutable' };
    return send(response, { status: 200, headers, body: file.content });
  }
  const nonce = parts.newNonce();
  const headers = {
    'Content-Type': file.type,
    'Content-Security-Policy': pagePolicy(nonce, `ws://${parts.own()}`),
  };
  send(response, { status: 200, headers, body: pageWithNonce(file.content.toString(), nonce) });
}

async function launch(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (Number(request.headers['content-length'] ?? Infinity) > longestLaunch)
    return send(response, { status: 413, headers: { Connection: 'close' }, body: 'too-large' });
  const token = new URLSearchParams(await text(request)).get('token') ?? '';
  const keys = await parts.redeem(token);
  const nonce = parts.newNonce();
  send(response, {
    status: keys ? 200 : 403,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': launchedPolicy(nonce) },
    body: keys ? launchedPage(keys, nonce) : usedLauncherPage,
  });
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

function send(response: ServerResponse, { status, headers = {}, body }: Answer): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    ...securityHeaders,
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function asked(request: IncomingMessage, upgrade: boolean): Asked {
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  return {
    method: request.method ?? '',
    pathname: (request.url ?? '').split('?', 1)[0] ?? '',
    host,
    origin,
    site: typeof site === 'string' ? site : undefined,
    upgrade,
  };
}

function refuseUpgrade(socket: Duplex, code: Refusal): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${statusOf[code]} ${code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
