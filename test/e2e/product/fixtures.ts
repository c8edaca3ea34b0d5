/** The whole product for one test: a backend, this computer as its machine, a link that can be cut, and the desktop. */
import { test as base, type Page } from '@playwright/test';
import { createShellAccount, type ShellAccount } from './account.ts';
import { startBackend, type Backend } from './backend.ts';
import { startLink, type CuttableLink } from './cuttable-link.ts';
import { startDesktop, type Desktop } from './desktop.ts';
import { startKeyring, type Keyring } from './keyring.ts';
import { startMachine, type Machine } from './machine.ts';

interface PerTest {
  readonly backend: Backend;
  readonly link: CuttableLink;
  readonly machine: Machine;
  readonly desktop: Desktop;
  /** A window of the desktop. */
  readonly window: Page;
}
interface PerWorker {
  readonly account: ShellAccount;
  readonly keyring: Keyring;
}

export const test = base.extend<PerTest, PerWorker>({
  keyring: [
    async ({ browserName: _ }, provide) => {
      await using keyring = await startKeyring();
      await provide(keyring);
    },
    { scope: 'worker' },
  ],
  account: [
    async ({ browserName: _ }, provide) => {
      await using account = await createShellAccount();
      await provide(account);
    },
    { scope: 'worker' },
  ],
  backend: async ({ browserName: _ }, provide) => {
    await using backend = await startBackend();
    await provide(backend);
  },
  link: async ({ backend }, provide) => {
    await using link = await startLink(backend.port);
    await provide(link);
  },
  machine: async ({ account, backend }, provide, testInfo) => {
    await using machine = await startMachine(backend, account);
    await provide(machine);
    await testInfo.attach('agent', { body: machine.output() });
  },
  desktop: async ({ browser, keyring }, provide, testInfo) => {
    await using desktop = await startDesktop(browser, keyring.env);
    await provide(desktop);
    await testInfo.attach('desktop', { body: desktop.output() });
  },
  window: async ({ desktop }, provide) => {
    await provide(await desktop.window());
  },
});
