/** What the preload script gives to the page of the Electron host. No schema is here, so that the preload stays small. */
import type { WindowMessage } from './messages.ts';

export interface PreloadBridge {
  send(message: WindowMessage): void;
  /** Messages of the main process, not yet parsed. */
  onMessage(listener: (message: unknown) => void): void;
  /** Its port comes as a message to the page (port-message.ts), with this request's number. */
  openTerminal(terminal: string, request: number): void;
}

/** Channels between preload and main process; nothing else is listened to. `connect` comes once per load of the page. */
export const channels = {
  connect: 'bridge.connect',
  toMain: 'bridge.to-main',
  toWindow: 'bridge.to-window',
  terminal: 'bridge.terminal',
} as const;
