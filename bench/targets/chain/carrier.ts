/** Carries the bridge within one process: the window's end on one side, the core's on the other, nothing copied. */
import type { ConnectWindow } from '../../../main/host/host.ts';
import type { Carrier, TerminalCarrier } from '../../../renderer/app/bridge/carrier.ts';

type Message = string | Uint8Array;
const nobody = (): void => {};

export function createCarrier(connectWindow: ConnectWindow): Carrier {
  let hear: (message: unknown) => void = nobody;
  const core = connectWindow((message) => {
    hear(message);
  });
  return {
    send: (message) => {
      core.receive(message);
    },
    onMessage: (listener) => {
      hear = listener;
    },
    onConnection: (listener) => {
      listener(true);
    },
    openTerminal: (terminal) => {
      const { near, far } = createPair();
      core.openTerminal(terminal, far);
      return near;
    },
  };
}

interface Pair {
  readonly near: TerminalCarrier;
  readonly far: TerminalCarrier;
}

function createPair(): Pair {
  const hear = { near: queueing(), far: queueing() };
  const closed = { near: nobody, far: nobody };
  const end = (own: 'near' | 'far', other: 'near' | 'far'): TerminalCarrier => ({
    post: (message) => {
      hear[other].push(message);
    },
    onMessage: (listener) => {
      hear[own].listen(listener);
    },
    onClose: (listener) => {
      closed[own] = listener;
    },
    close: () => {
      closed[other]();
    },
  });
  return { near: end('near', 'far'), far: end('far', 'near') };
}

interface Queue {
  readonly push: (message: Message) => void;
  readonly listen: (to: (message: Message) => void) => void;
}

/** Keeps what comes before somebody listens, and gives it once the listener is wholly set up, as a real carrier does. */
function queueing(): Queue {
  let early: Message[] | null = [];
  let listener: (message: Message) => void = nobody;
  return {
    push: (message) => {
      if (early === null) listener(message);
      else early.push(message);
    },
    listen: (to) => {
      listener = to;
      queueMicrotask(() => {
        const kept = early ?? [];
        early = null;
        for (const message of kept) to(message);
      });
    },
  };
}
