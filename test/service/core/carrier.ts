/** One terminal's carrier within one process: two ends; each message arrives later and in order, and what comes early waits. */
import type { CarrierPort } from '../../../main/host/host.ts';
import type { TerminalCarrier } from '../../../renderer/app/bridge/carrier.ts';

type Message = string | Uint8Array;

export function terminalCarrier(): { readonly near: TerminalCarrier; readonly far: CarrierPort } {
  const near = end();
  const far = end();
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    queueMicrotask(() => {
      near.closed();
      far.closed();
    });
  };
  const carry = (to: End, message: Message): void => {
    if (!isClosed) queueMicrotask(() => to.arrived(typeof message === 'string' ? message : message.slice()));
  };
  return {
    near: { post: (message) => carry(far, message), onMessage: near.onMessage, onClose: near.onClose, close },
    far: { post: (message) => carry(near, message), onMessage: far.onMessage, onClose: far.onClose, close },
  };
}

interface End {
  arrived(message: Message): void;
  closed(): void;
  readonly onMessage: (listener: (message: Message) => void) => void;
  readonly onClose: (listener: () => void) => void;
}

function end(): End {
  const early: Message[] = [];
  let hear: ((message: Message) => void) | null = null;
  let onClosed: (() => void) | null = null;
  return {
    arrived(message) {
      if (hear === null) early.push(message);
      else hear(message);
    },
    closed: () => onClosed?.(),
    onMessage(listener) {
      hear = listener;
      for (const message of early.splice(0)) listener(message);
    },
    onClose(listener) {
      onClosed = listener;
    },
  };
}
