/** What every test of the window begins with: the window, and somebody signed in to a server with machines. */
import { test as base, type Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { bundlePage, servePage } from '../page-server.ts';
import type { Stage } from './page.tsx';

declare global {
  interface Window {
    readonly stage: Stage;
  }
}

interface Fixtures {
  /** The window is open, and nobody is signed in. */
  readonly empty: Page;
  /** Somebody is signed in, and sees a few machines and sessions. */
  readonly window: Page;
}

/** Once for all tests of a worker. */
const bundled = bundlePage(fileURLToPath(new URL('page.tsx', import.meta.url)));

export const test = base.extend<Fixtures>({
  empty: async ({ page }, give) => {
    await using server = await servePage(await bundled);
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(server.url);
    await give(page);
    const violations = await page.evaluate(() => window.stage.violations);
    if (errors.length + violations.length > 0)
      throw new Error(`The page failed: ${errors.join('\n')}\n${violations.join('\n')}`);
  },
  window: async ({ empty: page }, give) => {
    await signedIn(page);
    await give(page);
  },
});

/** Machines of each state, some with tags, and a session of one's own, one that is detached, and one of somebody else. */
export async function signedIn(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { desktop, samples } = window.stage;
    const names = ['web-1', 'web-2', 'web-10', 'db-1', 'cache-1', 'build-1'];
    const machines = names.map((name, at) =>
      samples.sampleMachine(at + 1, {
        name,
        status: name === 'cache-1' ? 'offline' : name === 'build-1' ? 'pending' : 'online',
        tags: name.startsWith('web') ? ['web', 'production'] : name.startsWith('db') ? ['production'] : [],
        cpu_percent: (at + 1) * 15,
        last_active: new Date(Date.now() - at * 400_000).toISOString(),
      }),
    );
    desktop.signIn();
    desktop.setMachines(machines);
    desktop.setSessions([
      samples.sampleSession(1, { machine_name: 'web-1' }),
      samples.sampleSession(4, { machine_name: 'db-1', attached: false }),
      samples.sampleSession(2, { machine_name: 'web-2', username: 'jonas', user_id: samples.objectIdOf(7) }),
    ]);
  });
}

/** What the window asked of the main process by this name, in order. */
export const asked = (page: Page, name: string): Promise<readonly unknown[]> =>
  page.evaluate(
    (wanted) => window.stage.desktop.bridge.asked.flatMap((each) => (each.name === wanted ? [each.input] : [])),
    name,
  );

export const goTo = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name, exact: true }).click();

/** Opens a terminal by the table, and waits until the keyboard is in it. */
export async function openTerminal(page: Page, machine: string): Promise<void> {
  await goTo(page, 'Machines');
  await page.getByRole('row', { name: machine, exact: true }).dblclick();
  await page
    .getByRole('region', { name: `Terminal on ${machine}` })
    .filter({ visible: true })
    .waitFor();
  await page.waitForFunction(() => document.activeElement?.closest('.xterm') !== null);
}
