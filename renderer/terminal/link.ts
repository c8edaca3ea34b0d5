/** Keeps a port to the main process open: when its carrier breaks, a new one is opened. */
import type { FromWindow, TerminalPort, ToWindow } from '../../protocol/bridge/terminal.ts';
import type { Timer } from './acks.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** So many ports in a row that closed before they were ready: the main process does not know this terminal. */
const TRIES = 6;

interface LinkParts {
  readonly open: () => TerminalPort;
  readonly after: Timer;
  readonly ready: (port: TerminalPort) => void;
  readonly lost: () => void;
  readonly gaveUp: () => void;
  readonly message: (message: ToWindow) => void;
  readonly frame: (frame: Uint8Array) => void;
}

export interface Link {
  /** Goes to the main process when it is there, and nowhere otherwise. */
  send(message: FromWindow): void;
  /** Does not wait for the next try; begins again after it gave up. */
  retry(): void;
  close(): void;
}

export function createLink(parts: LinkParts): Link {
  let port: TerminalPort | null = null;
  let ready = false;
  let closed = false;
  let tries = 0;
  let cancel: (() => void) | null = null;

  const open = (): void => {
    const opened = parts.open();
    const isCurrent = (): boolean => opened === port;
    port = opened;
    opened.onMessage((message) => {
      if (!isCurrent()) return;
      if (message.type !== 'ready') return parts.message(message);
      ready = true;
      tries = 0;
      parts.ready(opened);
    });
    opened.onFrame((frame) => {
      if (isCurrent()) parts.frame(frame);
    });
    opened.onClose(() => {
      if (isCurrent()) again();
    });
  };

  const again = (): void => {
    const wasReady = ready;
    port = null;
    ready = false;
    if (wasReady) parts.lost();
    tries += 1;
    if (tries > TRIES) return parts.gaveUp();
    cancel = parts.after(Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS), open);
  };

  open();
  return {
    send(message) {
      if (ready) port?.send(message);
    },
    retry() {
      if (closed || port !== null) return;
      cancel?.();
      tries = 0;
      open();
    },
    close() {
      if (closed) return;
      closed = true;
      cancel?.();
      const last = port;
      port = null;
      last?.close();
    },
  };
}
