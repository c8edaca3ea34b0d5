/** The bridge's carrier in Electron: each load of the page is a window of the core; each of its terminals gets a MessagePort. */
import type { MainMessage } from '../../../protocol/bridge/messages.ts';
import { terminalRequest, type PortMessage } from '../../../protocol/bridge/port-message.ts';
import { channels } from '../../../protocol/bridge/preload.ts';
import type { ConnectWindow, WindowConnection } from '../host.ts';
import { carrierOver, type MainPort } from './carrier-port.ts';
import { isOurPage } from './page-address.ts';

/** What is used of Electron's WebContents. */
export interface Sender<Port> {
  readonly mainFrame: unknown;
  isDestroyed(): boolean;
  send(channel: string, message: MainMessage): void;
  postMessage(channel: string, message: PortMessage, transfer: Port[]): void;
  once(event: 'destroyed' | 'render-process-gone', listener: () => void): unknown;
}
export interface Sent<Port> {
  readonly sender: Sender<Port>;
  readonly senderFrame: { readonly url: string } | null;
}
/** What is used of Electron's ipcMain. */
interface Ipc<Port> {
  on(channel: string, listener: (event: Sent<Port>, message: unknown) => void): unknown;
}

export interface WindowIpcParts<Port extends MainPort> {
  readonly ipc: Ipc<Port>;
  readonly connectWindow: ConnectWindow;
  readonly newChannel: () => { readonly port1: Port; readonly port2: Port };
  /** A message came from something that is not the page. */
  readonly onStranger: (url: string) => void;
}

export function carryWindows<Port extends MainPort>(parts: WindowIpcParts<Port>): void {
  const { ipc, connectWindow, newChannel, onStranger } = parts;
  const windows = new Map<Sender<Port>, WindowConnection>();

  const fromPage =
    (listener: (sender: Sender<Port>, message: unknown) => void) => (event: Sent<Port>, message: unknown) => {
      if (isFromPage(event)) listener(event.sender, message);
      else onStranger(event.senderFrame?.url ?? 'a frame that is gone');
    };
  const disconnect = (sender: Sender<Port>) => {
    windows.get(sender)?.close();
    windows.delete(sender);
  };

  // A page that was loaded again is another window: what the one before had asked for is over.
  ipc.on(
    channels.connect,
    fromPage((sender) => {
      if (windows.has(sender)) disconnect(sender);
      else watchEnd(sender, disconnect);
      const send = (message: MainMessage) => {
        if (!sender.isDestroyed()) sender.send(channels.toWindow, message);
      };
      windows.set(sender, connectWindow(send));
    }),
  );
  ipc.on(
    channels.toMain,
    fromPage((sender, message) => windows.get(sender)?.receive(message)),
  );
  ipc.on(
    channels.terminal,
    fromPage((sender, message) => {
      const wish = terminalRequest.safeParse(message);
      const window = windows.get(sender);
      if (!wish.success || !window) return;
      const { port1, port2 } = newChannel();
      const { terminal, request } = wish.data;
      sender.postMessage(channels.terminal, { type: 'webxterm.terminal-port', request }, [port2]);
      window.openTerminal(terminal, carrierOver(port1));
    }),
  );
}

/** The page itself: its top frame, at its origin. A frame that has gone has no name any more, and is not believed. */
export function isFromPage({ sender, senderFrame }: Sent<unknown>): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isOurPage(senderFrame.url);
}

function watchEnd<Port>(sender: Sender<Port>, disconnect: (sender: Sender<Port>) => void): void {
  sender.once('destroyed', () => {
    disconnect(sender);
  });
  sender.once('render-process-gone', () => {
    disconnect(sender);
  });
}
