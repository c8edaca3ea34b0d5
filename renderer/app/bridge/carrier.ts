/** What carries the bridge: the preload's port in one host, WebSockets in the other. Knows messages, not what they mean. */
import type { WindowMessage } from '../../../protocol/bridge/messages.ts';

export interface Carrier {
  /** Only while connected. */
  send(message: WindowMessage): void;
  /** Messages of the main process, not yet parsed. One listener. */
  onMessage(listener: (message: unknown) => void): void;
  /** The present state comes first. One listener. */
  onConnection(listener: (connected: boolean) => void): void;
  openTerminal(terminal: string): TerminalCarrier;
}

/** Keeps what is posted until it is open. One listener each. */
export interface TerminalCarrier {
  post(message: string | Uint8Array): void;
  onMessage(listener: (message: string | Uint8Array) => void): void;
  /** Comes once; not after `close()`. */
  onClose(listener: () => void): void;
  close(): void;
}
