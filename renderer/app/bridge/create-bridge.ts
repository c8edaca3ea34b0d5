/** The bridge of this page, whichever host it is in: nothing else of the window can tell. */
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import type { PreloadBridge } from '../../../protocol/bridge/preload.ts';
import { endedPath, secretKey } from '../../../protocol/bridge/socket.ts';
import { createPreloadCarrier } from './preload-carrier.ts';
import { createSocketCarrier } from './socket-carrier.ts';
import { createWindowBridge } from './window-bridge.ts';

declare global {
  interface Window {
    /** There in Electron only. */
    readonly webxterm?: PreloadBridge;
  }
}

export function createBridge(): Bridge {
  return createWindowBridge(
    window.webxterm ? createPreloadCarrier(window.webxterm, window) : createHostCarrier(window.location),
  );
}

function createHostCarrier(location: Location) {
  return createSocketCarrier({
    // Without a secret the host sends the page to where it is said how to open a window.
    secret: sessionStorage.getItem(secretKey) ?? 'none',
    openSocket: (path) => new WebSocket(`ws://${location.host}${path}`),
    random: Math.random,
    onEnded: () => {
      location.replace(endedPath);
    },
  });
}
