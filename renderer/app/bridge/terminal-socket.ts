/** One terminal over a WebSocket of its own, so that a flood on one holds up no other. */
import type { TerminalHello } from '../../../protocol/bridge/socket.ts';
import type { TerminalCarrier } from './carrier.ts';

/** What is used of a WebSocket. */
export interface Socket {
  binaryType: string;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

type Opened = (socket: Socket, hello: TerminalHello) => void;

/** @param open gives the socket as soon as there may be one; returns what takes the wish back. */
export function openTerminalSocket(open: (opened: Opened) => () => void): TerminalCarrier {
  let socket: Socket | null = null;
  let unsent: (string | Uint8Array)[] | null = [];
  let hear: ((message: string | Uint8Array) => void) | null = null;
  let closed: (() => void) | null = null;

  const forget = open((opened, hello) => {
    socket = opened;
    opened.binaryType = 'arraybuffer';
    opened.addEventListener('open', () => {
      opened.send(JSON.stringify(hello));
      for (const message of unsent ?? []) opened.send(sendable(message));
      unsent = null;
    });
    opened.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') hear?.(data);
      else if (data instanceof ArrayBuffer) hear?.(new Uint8Array(data));
    });
    opened.addEventListener('close', () => {
      unsent = null;
      socket = null;
      closed?.();
    });
  });

  return {
    post: (message) => {
      if (unsent) unsent.push(message);
      else socket?.send(sendable(message));
    },
    onMessage: (listener) => {
      hear = listener;
    },
    onClose: (listener) => {
      closed = listener;
    },
    close: () => {
      closed = null;
      forget();
      socket?.close();
    },
  };
}

/** A socket takes no bytes of shared memory; typing is small, so it is copied. */
const sendable = (message: string | Uint8Array) => (typeof message === 'string' ? message : new Uint8Array(message));
