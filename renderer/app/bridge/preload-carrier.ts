/** The carrier inside Electron: messages over the preload's bridge, a MessagePort for each terminal. */
import { portMessage } from '../../../protocol/bridge/port-message.ts';
import type { PreloadBridge } from '../../../protocol/bridge/preload.ts';
import type { Carrier, TerminalCarrier } from './carrier.ts';

/** What is used of a window: its origin, and the messages posted to it. */
export interface Page {
  readonly location: { readonly origin: string };
  addEventListener(type: 'message', listener: (event: Posted) => void): void;
}
interface Posted {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
  readonly ports: readonly MessagePort[];
}

export function createPreloadCarrier(preload: PreloadBridge, page: Page): Carrier {
  const expected = new Map<number, (port: MessagePort) => void>();
  let nextRequest = 0;

  page.addEventListener('message', (event) => {
    if (event.source !== page || event.origin !== page.location.origin) return;
    const message = portMessage.safeParse(event.data);
    const [port] = event.ports;
    if (!message.success || !port) return;
    const take = expected.get(message.data.request);
    expected.delete(message.data.request);
    if (take) take(port);
    else port.close();
  });

  return {
    send: (message) => {
      preload.send(message);
    },
    onMessage: (listener) => {
      preload.onMessage(listener);
    },
    // The main process outlives the page.
    onConnection: (listener) => {
      listener(true);
    },
    openTerminal: (terminal) => {
      const request = nextRequest++;
      const carrier = portCarrier(
        (take) => expected.set(request, take),
        () => expected.delete(request),
      );
      preload.openTerminal(terminal, request);
      return carrier;
    },
  };
}

function portCarrier(expect: (take: (port: MessagePort) => void) => void, forget: () => void): TerminalCarrier {
  let port: MessagePort | null = null;
  let unsent: (string | Uint8Array)[] = [];
  let hear: ((message: string | Uint8Array) => void) | null = null;
  let closed: (() => void) | null = null;

  expect((arrived) => {
    port = arrived;
    arrived.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' || data instanceof Uint8Array) hear?.(data);
    });
    arrived.addEventListener('close', () => {
      closed?.();
    });
    arrived.start();
    for (const message of unsent) arrived.postMessage(message, []);
    unsent = [];
  });

  return {
    post: (message) => {
      if (port) port.postMessage(message);
      else unsent.push(message);
    },
    onMessage: (listener) => {
      hear = listener;
    },
    onClose: (listener) => {
      closed = listener;
    },
    close: () => {
      forget();
      closed = null;
      port?.close();
    },
  };
}
