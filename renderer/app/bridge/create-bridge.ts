/** The bridge of this page, whichever host it is in: nothing else of the window can tell. */
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import type { PreloadBridge } from '../../../protocol/bridge/preload.ts';
import { keysName, windowKeys } from '../../../protocol/bridge/socket.ts';
import { createPreloadCarrier } from './preload-carrier.ts';
import { showEnded } from './ended.ts';
import { createSocketCarrier } from './socket-carrier.ts';
import { createWindowBridge } from './window-bridge.ts';

declare global {
  interface Window {
    /** There in Electron only. */
    readonly webxterm?: PreloadBridge;
  }
}

export function createBridge(): Bridge {
  const carrier = window.webxterm ? createPreloadCarrier(window.webxterm, window) : createHostCarrier();
  return createWindowBridge(carrier);
}

function createHostCarrier() {
  const keys = loadKeys();
  return createSocketCarrier({
    // A tab that was not launched has none: the host refuses it, and it says how to get a window.
    keys: keys ?? { secret: 'none', proof: 'none' },
    openSocket: (path) => new WebSocket(`ws://${window.location.host}${path}`),
    random: Math.random,
    onEnded: () => {
      sessionStorage.removeItem(keysName);
      showEnded(document, keys === null ? 'never-launched' : 'desktop-ended');
    },
  });
}

function loadKeys() {
  try {
    return windowKeys.parse(JSON.parse(sessionStorage.getItem(keysName) ?? ''));
  } catch {
    return null;
  }
}
