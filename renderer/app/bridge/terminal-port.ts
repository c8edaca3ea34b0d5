/** The window's end of one terminal over any carrier: text is a parsed message, bytes are a frame. */
import { toWindow, type TerminalPort, type ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { TerminalCarrier } from './carrier.ts';

export function openTerminalPort(carrier: TerminalCarrier): TerminalPort {
  let hear: ((message: ToWindow) => void) | null = null;
  let takeFrame: ((frame: Uint8Array) => void) | null = null;
  let closed: (() => void) | null = null;

  carrier.onMessage((received) => {
    if (typeof received !== 'string') return takeFrame?.(received);
    const message = parse(received);
    if (message) return hear?.(message);
    // Going on would leave the screen in a state nobody knows; a new port starts from a known one.
    console.error('The main process sent a terminal message that is none; the port is opened anew.');
    carrier.close();
    closed?.();
  });
  carrier.onClose(() => {
    closed?.();
  });

  return {
    send: (message) => {
      carrier.post(JSON.stringify(message));
    },
    sendFrame: (frame) => {
      carrier.post(frame);
    },
    onMessage: (listener) => {
      hear = listener;
    },
    onFrame: (listener) => {
      takeFrame = listener;
    },
    onClose: (listener) => {
      closed = listener;
    },
    close: () => {
      carrier.close();
    },
  };
}

function parse(text: string): ToWindow | null {
  try {
    return toWindow.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
