/** What the preload script gives to the page of the Electron host, and the messages by which a terminal's MessagePort reaches it. */
import { z } from 'zod';
import type { WindowMessage } from './messages.ts';

export interface PreloadBridge {
  send(message: WindowMessage): void;
  /** Messages of the main process, not yet parsed. */
  onMessage(listener: (message: unknown) => void): void;
  /** Its port comes as a message to the page, with this request's number. */
  openTerminal(request: { readonly terminal: string; readonly request: number }): void;
}

/** Channels between preload and main process; nothing else is listened to. */
export const channels = { toMain: 'window', toWindow: 'main', openTerminal: 'terminal' } as const;

/** Posted to the page with the port. */
export const portMessage = z.object({ type: z.literal('webxterm.terminal-port'), request: z.int() });
export type PortMessage = z.infer<typeof portMessage>;
