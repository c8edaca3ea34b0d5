/** The port of the core in plain Node: what Electron has built in, by what each desktop environment offers. */
import type { Host } from '../host.ts';
import { outsideLink } from '../links.ts';
import { presentNetwork, watchWake } from '../wake.ts';
import { startAgentChild } from './agent-child.ts';
import { showNotification } from './notification.ts';

export interface BrowserHostParts {
  readonly profile: string;
  readonly version: string;
  readonly agentFile: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  /** Opens a link as the desktop environment would. */
  readonly openDefault: (link: string) => Promise<void>;
}

export function createBrowserHost({
  profile,
  version,
  agentFile,
  platform,
  env,
  now,
  openDefault,
}: BrowserHostParts): Host {
  return {
    profile,
    version,
    openLink: async (link) => {
      const outside = outsideLink(link);
      if (outside !== null) await openDefault(outside);
    },
    notify: (notification) => {
      showNotification(platform, notification);
    },
    // A browser shows it to its own page only, and asks the person.
    readClipboard: () => Promise.resolve(null),
    startAgent: (args, given) => startAgentChild({ agentFile, env }, args, given),
    onWake: (listener, signal) => {
      watchWake(listener, signal, { now, network: () => presentNetwork() });
    },
  };
}
