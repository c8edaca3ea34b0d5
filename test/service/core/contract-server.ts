/** Another server of the published contract: no additions of ours, no codes, no events; terminals in the plain dialect only. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ServerCertificate } from './certificates.ts';
import { listen, type Listening } from './sockets.ts';

export const AGENT_ID = '6f1c1f5e-5f0e-4a64-9b0e-1f2a3b4c5d6e';
const USER = {
  id: '0123456789abcdef01234567',
  username: 'ada',
  email: 'ada@harbour.test',
  first_name: 'Ada',
  last_name: 'L',
  tenant_id: 'harbour',
  tenant_name: 'Harbour',
  role: 'user',
  machine_role: 'non-sudo',
  groups: [],
  email_verified: true,
  api_key: null,
};
const SIGNED_IN = { token: 'token-1', user: USER, expires_in: 86_400, session_token: 's', available_tenants: [] };
const machine = (status: string) => ({
  id: '0123456789abcdef01234568',
  agent_id: AGENT_ID,
  name: 'crane',
  description: '',
  os: null,
  ip_address: null,
  status,
  cpu_percent: null,
  memory_percent: null,
  disk_percent: null,
  network_rx_bytes: null,
  network_tx_bytes: null,
  uptime: null,
  last_active: null,
  colour_of_the_building: 'red', // a field nobody here knows
});

export interface ContractServer extends Listening {
  /** `METHOD /path` of each request, in order. */
  readonly asked: readonly string[];
  /** Headers of each socket that was opened. */
  readonly dialled: readonly IncomingMessage[];
  /** What its machine is from now on. */
  becomes(status: 'online' | 'offline'): void;
}
export interface ContractRules {
  /** What login answers instead. */
  readonly login?: unknown;
  readonly certificate?: ServerCertificate;
  /** Plays the shell of a plain terminal. */
  readonly terminal?: (socket: WebSocket, request: IncomingMessage) => void;
}

export async function startContractServer(rules: ContractRules = {}): Promise<ContractServer> {
  const asked: string[] = [];
  const dialled: IncomingMessage[] = [];
  let status = 'online';
  const answers: Readonly<Record<string, () => unknown>> = {
    'GET /health': () => ({ status: 'ok' }),
    'POST /api/auth/login': () => rules.login ?? SIGNED_IN,
    'POST /api/auth/logout': () => ({ message: 'bye' }),
    'GET /api/users/me': () => ({ user: USER }),
    'GET /api/machines': () => ({ machines: [machine(status)] }),
    'GET /api/terminal/sessions': () => ({ sessions: [] }),
  };
  const handle: RequestListener = (request, response) => {
    const name = `${request.method} ${request.url?.split('?')[0]}`;
    asked.push(name);
    respond(response, request.url?.startsWith('/health') === true || isKnown(request), answers[name]);
  };
  const server = rules.certificate === undefined ? createServer(handle) : createHttps(rules.certificate, handle);
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => false });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url?.split('?')[0] ?? '';
    asked.push(`GET ${path}`);
    if (path !== `/api/terminal/${AGENT_ID}/ws` || rules.terminal === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    dialled.push(request);
    sockets.handleUpgrade(request, socket, head, (opened) => rules.terminal?.(opened, request));
  });
  return {
    ...(await listen(server, rules.certificate === undefined ? 'http' : 'https')),
    asked,
    dialled,
    becomes(next) {
      status = next;
    },
  };
}

const isKnown = (request: IncomingMessage): boolean =>
  request.url === '/api/auth/login' || request.headers.authorization === 'Bearer token-1';

function respond(response: ServerResponse, known: boolean, answer: (() => unknown) | undefined): void {
  const [status, body] = !known
    ? [401, { error: 'Sign in first.' }]
    : answer === undefined
      ? [404, { error: 'Nothing here.' }]
      : [200, answer()];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
