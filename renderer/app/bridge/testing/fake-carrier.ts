/** A carrier whose other end a test holds: what the window sends, and what the main process answers. */
import type { WindowMessage } from '../../../../protocol/bridge/messages.ts';
import type { Carrier, TerminalCarrier } from '../carrier.ts';

export interface FakeCarrier {
  readonly carrier: Carrier;
  readonly sent: WindowMessage[];
  /** What the main process says. */
  readonly say: (message: unknown) => void;
  readonly connect: (connected: boolean) => void;
}

export function createFakeCarrier(connectedAtFirst: boolean): FakeCarrier {
  let hear: ((message: unknown) => void) | null = null;
  let hearConnection: ((connected: boolean) => void) | null = null;
  const sent: WindowMessage[] = [];
  return {
    sent,
    say: (message) => hear?.(message),
    connect: (connected) => hearConnection?.(connected),
    carrier: {
      send: (message) => {
        sent.push(message);
      },
      onMessage: (listener) => {
        hear = listener;
      },
      onConnection: (listener) => {
        hearConnection = listener;
        listener(connectedAtFirst);
      },
      openTerminal: () => createFakeTerminal().carrier,
    },
  };
}

export interface FakeTerminal {
  readonly carrier: TerminalCarrier;
  readonly posted: (string | Uint8Array)[];
  readonly say: (message: string | Uint8Array) => void;
  /** The main process closes it. */
  readonly end: () => void;
  readonly closed: () => boolean;
}

export function createFakeTerminal(): FakeTerminal {
  let hear: ((message: string | Uint8Array) => void) | null = null;
  let ended: (() => void) | null = null;
  let closed = false;
  const posted: (string | Uint8Array)[] = [];
  return {
    posted,
    say: (message) => hear?.(message),
    end: () => ended?.(),
    closed: () => closed,
    carrier: {
      post: (message) => {
        posted.push(message);
      },
      onMessage: (listener) => {
        hear = listener;
      },
      onClose: (listener) => {
        ended = listener;
      },
      close: () => {
        closed = true;
      },
    },
  };
}
