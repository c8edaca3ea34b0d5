/** The port of the core in Electron. */
import type { Host } from '../host.ts';
import { outsideLink } from '../links.ts';
import { presentNetwork, watchWake } from '../wake.ts';
import { startAgentUtility, type UtilityParts } from './agent-process.ts';

export interface ElectronHostParts {
  readonly profile: string;
  readonly version: string;
  readonly shell: { openExternal(url: string): Promise<void> };
  readonly clipboard: { readText(): Promise<string> };
  readonly showNotification: (notification: { readonly title: string; readonly body: string }) => void;
  readonly powerMonitor: {
    on(event: 'resume' | 'unlock-screen', listener: () => void): unknown;
    removeListener(event: 'resume' | 'unlock-screen', listener: () => void): unknown;
  };
  readonly session: { resolveProxy(url: string): Promise<string> };
  readonly utility: UtilityParts;
  readonly now: () => number;
}

export function createElectronHost(parts: ElectronHostParts): Host {
  const { shell, clipboard, showNotification, powerMonitor, utility, now } = parts;
  return {
    profile: parts.profile,
    version: parts.version,
    openLink: async (link) => {
      const outside = outsideLink(link);
      if (outside !== null) await shell.openExternal(outside);
    },
    notify: showNotification,
    readClipboard: () => clipboard.readText(),
    systemProxy: (url) => parts.session.resolveProxy(url),
    startAgent: (args, given) => startAgentUtility(utility, args, given),
    onWake: (listener, signal) => {
      // The system tells of its sleep; of another network nothing does.
      watchWake(listener, signal, { now, network: () => presentNetwork() });
      for (const event of ['resume', 'unlock-screen'] as const) {
        powerMonitor.on(event, listener);
        signal.addEventListener('abort', () => powerMonitor.removeListener(event, listener), { once: true });
      }
    },
  };
}
