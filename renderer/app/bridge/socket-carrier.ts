/** The carrier outside Electron: one WebSocket for messages, made again when it breaks, and one for each terminal. */
import {
  bridgeWelcome,
  closeCodes,
  socketPaths,
  type BridgeHello,
  type WindowKeys,
} from '../../../protocol/bridge/socket.ts';
import type { Carrier } from './carrier.ts';
import { openTerminalSocket, type Socket } from './terminal-socket.ts';

export interface SocketCarrierParts {
  readonly keys: WindowKeys;
  readonly openSocket: (path: string) => Socket;
  readonly random: () => number;
  /** The host does not know this window any more, or is another one: nothing here can go on. */
  readonly onEnded: () => void;
}

const firstWaitMs = 100;
const longestWaitMs = 2000;

export function createSocketCarrier({ keys, openSocket, random, onEnded }: SocketCarrierParts): Carrier {
  let hear: ((message: unknown) => void) | null = null;
  let hearConnection: ((connected: boolean) => void) | null = null;
  let bridge: { readonly socket: Socket; readonly window: string } | null = null;
  let attempt = 0;
  let ended = false;
  /** Terminals that were asked for while there is no connection. */
  const waiting = new Set<(window: string) => void>();

  function end() {
    ended = true;
    onEnded();
  }

  function connect() {
    const socket = openSocket(socketPaths.bridge);
    socket.addEventListener('open', () => {
      sendJson(socket, { secret: keys.secret } satisfies BridgeHello);
    });
    socket.addEventListener('message', ({ data }) => {
      const message = parseJson(data);
      if (bridge) return hear?.(message);
      const welcome = bridgeWelcome.safeParse(message);
      if (!welcome.success || welcome.data.proof !== keys.proof) {
        socket.close();
        return end();
      }
      bridge = { socket, window: welcome.data.window };
      attempt = 0;
      hearConnection?.(true);
      for (const open of waiting) open(welcome.data.window);
      waiting.clear();
    });
    socket.addEventListener('close', ({ code }) => {
      if (bridge) hearConnection?.(false);
      bridge = null;
      if (ended) return;
      if (code === closeCodes.unknownSecret) end();
      else setTimeout(connect, waitMs(attempt++, random));
    });
  }
  connect();

  return {
    send: (message) => {
      if (bridge) sendJson(bridge.socket, message);
    },
    onMessage: (listener) => {
      hear = listener;
    },
    onConnection: (listener) => {
      hearConnection = listener;
      listener(bridge !== null);
    },
    openTerminal: (terminal) =>
      openTerminalSocket((opened) => {
        const open = (window: string) => {
          opened(openSocket(socketPaths.terminal), { secret: keys.secret, window, terminal });
        };
        if (bridge) open(bridge.window);
        else waiting.add(open);
        return () => waiting.delete(open);
      }),
  };
}

/** Between half and one and a half of a wait that doubles: windows of one host do not come back all at once. */
function waitMs(attempt: number, random: () => number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempt, 10)) * (0.5 + random());
}

function sendJson(socket: Socket, message: object) {
  socket.send(JSON.stringify(message));
}

function parseJson(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : null;
  } catch {
    return null;
  }
}
