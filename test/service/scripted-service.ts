/** A service of which a test decides every word: real HTTP and real WebSockets, and it believes nobody without a proof. */
import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { z } from 'zod';
import { agents } from '../../protocol/api/agents.ts';
import {
  AGENT_SUBPROTOCOL,
  challengeText,
  fromAgent,
  type FromAgent,
  type ToAgent,
} from '../../protocol/wire/control.ts';
import { talkOver, type Talk } from './talk.ts';

type Hello = Extract<FromAgent, { type: 'hello' }>;
type Welcome = Extract<ToAgent, { type: 'welcome' }>;
export type Joining = z.infer<typeof agents.register.body>;
/** The service's end of one agent's socket. */
export type AgentLink = Talk<FromAgent, ToAgent>;

export interface ScriptedService extends AsyncDisposable {
  /** Origin: `http://127.0.0.1:…`, `https://…` with a certificate. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Every registration that came. */
  readonly joined: readonly Joining[];
  /** Every request for a WebSocket that came. */
  readonly dialled: readonly { readonly headers: http.IncomingHttpHeaders; readonly atMs: number }[];
  /** The next agent that connects; nothing was said to it yet. */
  nextLink(): Promise<AgentLink>;
  /** The next agent, challenged, proven and welcomed. */
  nextAgent(change?: Partial<Welcome>): Promise<AgentLink & { readonly hello: Hello }>;
  /** Challenges it, and gives its hello once its signature is right for this very host. */
  prove(link: AgentLink): Promise<Hello>;
}
export interface ServiceOptions {
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The host under which it is dialled, where that is another than its own address. */
  readonly as?: string;
  /** Answers the request for a WebSocket with this status instead. */
  readonly refuse?: () => {
    readonly status: number;
    readonly headers?: http.OutgoingHttpHeaders;
    readonly body?: string;
  } | null;
  /** Selects none of the subprotocols, as a server of another kind does. */
  readonly plain?: boolean;
  /** Answers a registration in another way. */
  readonly onRegister?: (response: ServerResponse) => void;
}

export const AGENT_ID = '6f6e4e64-62b5-4f2c-9c38-0d2b6a3a1c11';

export async function startScriptedService(options: ServiceOptions = {}): Promise<ScriptedService> {
  const joined: Joining[] = [];
  const dialled: { headers: http.IncomingHttpHeaders; atMs: number }[] = [];
  const links: AgentLink[] = [];
  const waiting: ((link: AgentLink) => void)[] = [];
  const welcomeNew = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    joined.push(await readJoining(request));
    if (options.onRegister) return options.onRegister(response);
    const body = { agent_id: AGENT_ID, tenant_id: 'acme', heartbeat_s: 30 };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const answer: RequestListener = (request, response) => void welcomeNew(request, response);
  const server = options.tls ? https.createServer(options.tls, answer) : http.createServer(answer);
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (options.plain || !offered.has(AGENT_SUBPROTOCOL) ? false : AGENT_SUBPROTOCOL),
  });
  server.on('upgrade', (request, socket, head) => {
    dialled.push({ headers: request.headers, atMs: performance.now() });
    const refusal = options.refuse?.() ?? null;
    if (refusal !== null) {
      const headers = Object.entries({ connection: 'close', ...refusal.headers }).map(
        ([name, value]) => `${name}: ${String(value)}`,
      );
      socket.end([`HTTP/1.1 ${refusal.status} No`, ...headers, '', refusal.body ?? ''].join('\r\n'));
      return;
    }
    sockets.handleUpgrade(request, socket, head, (accepted: WebSocket) => {
      const link = talkOver<FromAgent, ToAgent>(accepted, fromAgent);
      const taker = waiting.shift();
      if (taker) taker(link);
      else links.push(link);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = addressOf(server.address());
  const host = options.as ?? `127.0.0.1:${port}`;

  const service: ScriptedService = {
    url: `${options.tls ? 'https' : 'http'}://${host}`,
    host,
    port,
    joined,
    dialled,
    nextLink: () => {
      const there = links.shift();
      return there ? Promise.resolve(there) : new Promise((resolve) => waiting.push(resolve));
    },
    nextAgent: async (change = {}) => {
      const link = await service.nextLink();
      const hello = await service.prove(link);
      link.say({ type: 'welcome', heartbeat_s: 30, reconnect_spread_s: 0, config: { linux_user: null }, ...change });
      return Object.assign(link, { hello });
    },
    prove: async (link) => {
      const nonce = randomUUID();
      link.say({ type: 'challenge', nonce });
      const hello = await link.next('hello');
      const key = joined.at(-1)?.public_key ?? '';
      if (!isSigned(hello, host, nonce, key)) throw new Error('the signature is not one of this agent for this host');
      return hello;
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

export function isSigned(hello: Hello, host: string, nonce: string, publicKey: string): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  const text = Buffer.from(challengeText(host, hello.agent_id, nonce));
  return verify(null, text, key, Buffer.from(hello.signature, 'base64url'));
}

async function readJoining(request: IncomingMessage): Promise<Joining> {
  let text = '';
  for await (const part of request) text += String(part);
  return agents.register.body.parse(JSON.parse(text));
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the service listens on no port');
  return address;
}
