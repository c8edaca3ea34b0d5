/** The port between the desktop and what it runs in. The core asks for these few things and knows no more of its host. */
import type { AgentCommand, AgentStatus } from '../../protocol/agent/status.ts';
import type { MainMessage } from '../../protocol/bridge/messages.ts';

export interface Host {
  /** Folder for settings, caches and the agent's configuration: the person's own, 0700. */
  readonly profile: string;
  readonly version: string;
  /** Opens an http, https or mailto link in the person's browser or mail program. */
  openLink(url: string): Promise<void>;
  notify(notification: { readonly title: string; readonly body: string }): void;
  /** Text of the clipboard; null where only the window can read it. */
  readClipboard(): Promise<string | null>;
  /** Starts the bundled agent with these arguments. */
  startAgent(args: readonly string[], given?: AgentGiven): AgentProcess;
  /**
   * What the operating system's settings say of the proxy for this address, as browsers put it: `PROXY host:port; DIRECT`. Absent
   * where the environment is all there is.
   */
  readonly systemProxy?: (url: string) => Promise<string>;
  /** The computer woke from sleep, or its network changed. Ends with the signal. */
  onWake(listener: () => void, signal: AbortSignal): void;
}

/** What an agent is given beside its arguments. */
export interface AgentGiven {
  /** What it reads where its arguments say `-`: a token, which stands in no argument and no environment. */
  readonly input?: string;
  /** Added to the environment of the host: a proxy that was set by hand. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface AgentProcess {
  /** Messages of the agent, parsed. */
  onStatus(listener: (status: AgentStatus) => void): void;
  send(command: AgentCommand): void;
  /** Its exit code, null when a signal ended it, with the last of what it wrote to standard error. */
  readonly exited: Promise<{ readonly code: number | null; readonly stderr: string }>;
  kill(): void;
}

/** One window's end of the bridge, as the host carries it to the core. */
export interface WindowConnection {
  /** A message of the window, not yet parsed. */
  receive(message: unknown): void;
  /** A terminal's carrier was opened by the window. */
  openTerminal(terminal: string, port: CarrierPort): void;
  close(): void;
}
/** What the host does to connect a window: gives a way to send, gets the other end. */
export type ConnectWindow = (send: (message: MainMessage) => void) => WindowConnection;

/** Main's end of one terminal: text messages are not yet parsed, frames not yet decoded. */
export interface CarrierPort {
  post(message: string | Uint8Array): void;
  onMessage(listener: (message: string | Uint8Array) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
