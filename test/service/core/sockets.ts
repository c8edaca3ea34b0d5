/** Small real servers for tests: anything that listens on loopback, and a proxy that counts who comes through. */
import { once } from 'node:events';
import { createServer as createHttp, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import type { ServerCertificate } from './certificates.ts';

export interface Listening extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
}

export async function listen(server: Server, scheme: 'http' | 'https' = 'http'): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    url: `${scheme}://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export const serveHttp = (handle: RequestListener): Promise<Listening> => listen(createHttp(handle));
export const serveHttps = (certificate: ServerCertificate, handle: RequestListener): Promise<Listening> =>
  listen(createHttps(certificate, handle), 'https');
export const serveTcp = (handle: (socket: Socket) => void): Promise<Listening> => listen(createTcp(handle));

/** A port at which nobody listens. */
export async function closedPort(): Promise<number> {
  await using taken = await serveTcp(() => undefined);
  return taken.port;
}

export interface Proxy extends Listening {
  /** Hosts that were asked for, tunnels and plain requests alike. */
  readonly asked: readonly string[];
}
interface ProxyRules {
  /** What it answers instead of making a connection. */
  readonly refuseWith?: number;
  /** Where it goes whatever was asked for: the test's own server under a made-up name. */
  readonly leadTo?: number;
  /** `user:password`. */
  readonly credentials?: string;
}

export async function startProxy(rules: ProxyRules = {}): Promise<Proxy> {
  const asked: string[] = [];
  const server: HttpServer = createHttp((request, response) => {
    const target = new URL(request.url ?? '');
    asked.push(target.host);
    response.writeHead(502, { 'content-type': 'text/plain' }).end('this proxy only makes tunnels');
  });
  server.on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    client.on('error', () => undefined);
    const status = refusalOf(rules, request.headers['proxy-authorization']);
    if (status !== null) {
      client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const target = connect(rules.leadTo ?? Number(port), rules.leadTo === undefined ? host : '127.0.0.1');
    target.on('connect', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    target.on('error', () => client.destroy());
    target.on('close', () => client.destroy());
    client.on('close', () => target.destroy());
    target.pipe(client);
    client.pipe(target);
  });
  return { ...(await listen(server)), asked };
}

function refusalOf({ refuseWith, credentials }: ProxyRules, given: string | undefined): number | null {
  if (refuseWith !== undefined) return refuseWith;
  if (credentials === undefined) return null;
  return given === `Basic ${Buffer.from(credentials).toString('base64')}` ? null : 407;
}
