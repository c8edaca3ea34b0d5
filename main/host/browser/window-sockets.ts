/** The sockets of the windows: each shows its secret first, then is a window of the core, or one of its window's terminals. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import type { z } from 'zod';
import type { MainMessage } from '../../../protocol/bridge/messages.ts';
import { bridgeHello, closeCodes, terminalHello, type BridgeWelcome } from '../../../protocol/bridge/socket.ts';
import type { CarrierPort, ConnectWindow, WindowConnection } from '../host.ts';
import type { Launches } from './launches.ts';

const helloWithinMs = 5000;
const goodbyeWithinMs = 500;
const longestBridgeMessage = 4 * 1024 * 1024;
const longestTerminalMessage = 256 * 1024;
const mostSockets = 1024;
/** A page that does not read any more comes back to the present state; meanwhile nothing is kept for it. */
const mostUnsent = 16 * 1024 * 1024;

export interface WindowSocketParts {
  readonly connectWindow: ConnectWindow;
  readonly proofFor: Launches['proofFor'];
  readonly newWindowId: () => string;
  /** How many windows are connected, at each change. */
  readonly onWindows: (count: number) => void;
}

export interface WindowSockets extends AsyncDisposable {
  upgrade(route: 'bridge' | 'terminal', request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

interface ConnectedWindow {
  readonly connection: WindowConnection;
  readonly terminals: Set<WebSocket>;
}

export function createWindowSockets({
  connectWindow,
  proofFor,
  newWindowId,
  onWindows,
}: WindowSocketParts): WindowSockets {
  const options = { noServer: true, perMessageDeflate: false, clientTracking: true } as const;
  const servers = {
    bridge: new WebSocketServer({ ...options, maxPayload: longestBridgeMessage }),
    terminal: new WebSocketServer({ ...options, maxPayload: longestTerminalMessage }),
  };
  const windows = new Map<string, ConnectedWindow>();
  let ending = false;

  const welcome = (socket: WebSocket, hello: z.infer<typeof bridgeHello>) => {
    const proof = proofFor(hello.secret);
    if (proof === null) {
      socket.close(closeCodes.unknownSecret);
      return;
    }
    const window = newWindowId();
    sendJson(socket, { type: 'welcome', window, proof } satisfies BridgeWelcome);
    const connection = connectWindow((message) => {
      sendJson(socket, message);
    });
    const terminals = new Set<WebSocket>();
    windows.set(window, { connection, terminals });
    onWindows(windows.size);
    socket.on('message', (data, isBinary) => {
      connection.receive(isBinary ? null : parseJson(data));
    });
    socket.once('close', () => {
      windows.delete(window);
      connection.close();
      for (const terminal of terminals) terminal.close(closeCodes.unknownWindow);
      onWindows(windows.size);
    });
  };
  const attach = (socket: WebSocket, hello: z.infer<typeof terminalHello>) => {
    const window = windows.get(hello.window);
    if (proofFor(hello.secret) === null || !window) {
      socket.close(window ? closeCodes.unknownSecret : closeCodes.unknownWindow);
      return;
    }
    window.terminals.add(socket);
    socket.once('close', () => window.terminals.delete(socket));
    window.connection.openTerminal(hello.terminal, portOver(socket));
  };

  return {
    upgrade(route, request, socket, head) {
      if (ending || servers.bridge.clients.size + servers.terminal.clients.size >= mostSockets) {
        socket.destroy();
        return;
      }
      servers[route].handleUpgrade(request, socket, head, (opened) => {
        opened.on('error', () => {
          opened.terminate();
        });
        if (route === 'bridge') expectHello(opened, bridgeHello, welcome);
        else expectHello(opened, terminalHello, attach);
      });
    },
    async [Symbol.asyncDispose]() {
      // A window that is told goodbye would come back at once.
      ending = true;
      await Promise.all([...servers.bridge.clients, ...servers.terminal.clients].map(sayGoodbye));
    },
  };
}

/** A window that does not answer the goodbye is not waited for. */
function sayGoodbye(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      socket.terminate();
    }, goodbyeWithinMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.close(closeCodes.goingAway);
  });
}

function expectHello<H>(socket: WebSocket, schema: z.ZodType<H>, greet: (socket: WebSocket, hello: H) => void): void {
  const refuse = () => {
    socket.close(closeCodes.badHello);
  };
  const timer = setTimeout(refuse, helloWithinMs);
  socket.once('close', () => {
    clearTimeout(timer);
  });
  socket.once('message', (data, isBinary) => {
    clearTimeout(timer);
    const hello = schema.safeParse(isBinary ? null : parseJson(data));
    if (hello.success) greet(socket, hello.data);
    else refuse();
  });
}

function portOver(socket: WebSocket): CarrierPort {
  return {
    post: (message) => {
      sendBounded(socket, message);
    },
    onMessage: (listener) => {
      socket.on('message', (data, isBinary) => {
        const bytes = bytesOf(data);
        listener(isBinary ? bytes : bytes.toString());
      });
    },
    onClose: (listener) => {
      socket.once('close', listener);
    },
    close: () => {
      socket.close();
    },
  };
}

function sendJson(socket: WebSocket, message: MainMessage | BridgeWelcome): void {
  sendBounded(socket, JSON.stringify(message));
}

function sendBounded(socket: WebSocket, message: string | Uint8Array): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > mostUnsent) socket.terminate();
  else socket.send(message);
}

function parseJson(data: RawData): unknown {
  try {
    return JSON.parse(bytesOf(data).toString());
  } catch {
    return null;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
