/** A whole core for a test, without a window program: real files, real network, and windows that speak the bridge. */
import { rm } from 'node:fs/promises';
import { createDesktop } from '../../../main/core/desktop.ts';
import { fakeKeychain } from '../../../main/core/vault/fake-keychain.ts';
import type { Keychain } from '../../../main/core/vault/keychain.ts';
import type { AgentProcess, Host } from '../../../main/host/host.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import { makeFolder } from '../../e2e/product/folder.ts';
import { connectWindow, type TestWindow } from './window.ts';

export interface TestDesktop extends AsyncDisposable {
  readonly profile: string;
  readonly keychain: Keychain;
  readonly window: TestWindow;
  readonly notified: readonly { readonly title: string; readonly body: string }[];
  readonly openedLinks: readonly string[];
  openWindow(): TestWindow;
  wake(): void;
  requestAction(action: string): void;
  /** Closes it and opens it again on the same profile and keychain. */
  restart(): Promise<TestDesktop>;
}
export interface DesktopOptions {
  readonly profile?: string;
  readonly keychain?: Keychain;
  readonly env?: Readonly<Record<string, string>>;
  readonly startAgent?: Host['startAgent'];
  readonly systemProxy?: Host['systemProxy'];
  readonly now?: () => number;
  readonly random?: () => number;
  readonly callTimeoutMs?: number;
  readonly undoMs?: number;
  readonly moment?: () => Moment;
}

export async function openDesktop(options: DesktopOptions = {}): Promise<TestDesktop> {
  const profile = options.profile ?? (await makeFolder('profile')).path;
  const keychain = options.keychain ?? fakeKeychain();
  const wakers = new Set<() => void>();
  const notified: { readonly title: string; readonly body: string }[] = [];
  const openedLinks: string[] = [];
  const host: Host = {
    profile,
    version: '1.2',
    openLink: (url) => Promise.resolve(void openedLinks.push(url)),
    notify: (notification) => void notified.push(notification),
    readClipboard: () => Promise.resolve(null),
    startAgent: options.startAgent ?? noAgent,
    ...(options.systemProxy === undefined ? {} : { systemProxy: options.systemProxy }),
    onWake(listener, signal) {
      wakers.add(listener);
      signal.addEventListener('abort', () => wakers.delete(listener));
    },
  };
  const { profile: _, startAgent: __, systemProxy: ___, ...surroundings } = options;
  const desktop = createDesktop(host, { env: {}, ...surroundings, keychain });
  const windows: TestWindow[] = [];
  const openWindow = (): TestWindow => {
    const window = connectWindow(desktop.connectWindow);
    windows.push(window);
    return window;
  };
  let keepsProfile = false;
  const close = async (): Promise<void> => {
    for (const window of windows) window.close();
    await desktop[Symbol.asyncDispose]();
  };
  return {
    profile,
    keychain,
    notified,
    openedLinks,
    openWindow,
    window: openWindow(),
    wake() {
      for (const waker of wakers) waker();
    },
    requestAction: (action) => desktop.requestAction(action),
    async restart() {
      keepsProfile = true;
      await close();
      return openDesktop({ ...options, profile, keychain });
    },
    async [Symbol.asyncDispose]() {
      if (keepsProfile) return;
      await close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const noAgent = (): AgentProcess => {
  throw new Error('this test starts no agent');
};
