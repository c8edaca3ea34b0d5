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

/** Keeps what comes before somebody listens. */
function queueing(): {
  readonly push: (message: Message) => void;
  readonly listen: (to: (message: Message) => void) => void;
} {
  const early: Message[] = [];
  let listener: ((message: Message) => void) | null = null;
  return {
    push: (message) => {
      if (listener === null) early.push(message);
      else listener(message);
    },
    listen: (to) => {
      listener = to;
      for (const message of early.splice(0)) to(message);
    },
  };
}
