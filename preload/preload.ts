/** The only script that sees both Electron and the page: hands messages on, gives each terminal's port to the page, and no more. */
import { contextBridge, ipcRenderer } from 'electron';
import type { PortMessage, TerminalRequest } from '../protocol/bridge/port-message.ts';
import { channels, type PreloadBridge } from '../protocol/bridge/preload.ts';

/** The page, as far as it is used here: this folder has no types of the DOM. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string, transfer: readonly unknown[]): void;
};

const bridge: PreloadBridge = {
  send: (message) => {
    ipcRenderer.send(channels.toMain, message);
  },
  // The event that comes with it would give the page Electron's own objects: it stays here.
  onMessage: (listener) => {
    ipcRenderer.on(channels.toWindow, (_event, message: unknown) => {
      listener(message);
    });
  },
  openTerminal: (terminal, request) => {
    ipcRenderer.send(channels.terminal, { terminal, request } satisfies TerminalRequest);
  },
};

// A port cannot cross the context bridge; to the page's own origin it can be posted.
ipcRenderer.on(channels.terminal, (event, message: PortMessage) => {
  window.postMessage(message, window.location.origin, event.ports);
});
ipcRenderer.send(channels.connect);
contextBridge.exposeInMainWorld('webxterm', bridge);
