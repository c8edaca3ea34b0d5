/** One terminal's end in the main process of Electron. */
import type { CarrierPort } from '../host.ts';

/** What is used of Electron's MessagePortMain. */
export interface MainPort {
  postMessage(message: string | Uint8Array): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

export function carrierOver(port: MainPort): CarrierPort {
  return {
    post: (message) => {
      port.postMessage(message);
    },
    onMessage: (listener) => {
      port.on('message', ({ data }) => {
        if (typeof data === 'string' || data instanceof Uint8Array) listener(data);
      });
      port.start();
    },
    onClose: (listener) => {
      port.on('close', listener);
    },
    close: () => {
      port.close();
    },
  };
}
