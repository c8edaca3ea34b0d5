/** What every test of the terminal in a browser begins with: the page, and a terminal in it. */
import { test as base, type Locator, type Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { bundlePage, servePage } from '../page-server.ts';
import type { Harness } from './page.tsx';

declare global {
  interface Window {
    readonly harness: Harness;
  }
}

interface Fixtures {
  /** The page is open; its terminals are still to be shown. */
  readonly terminals: Page;
}

/** Once for all tests of a worker. */
const bundled = bundlePage(fileURLToPath(new URL('page.tsx', import.meta.url)));

export const test = base.extend<Fixtures>({
  terminals: async ({ page }, give) => {
    await using server = await servePage(await bundled);
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(server.url);
    await give(page);
    const violations = await page.evaluate(() => window.harness.violations);
    if (errors.length + violations.length > 0)
      throw new Error(`The page failed: ${errors.join('\n')}\n${violations.join('\n')}`);
  },
});

/** Shows these terminals and waits until each has its session. */
export async function showTerminals(page: Page, ids: readonly string[], visible = ids): Promise<void> {
  await page.evaluate(([all, shown]) => window.harness.show({ ids: all, visible: shown }), [ids, visible] as const);
  for (const id of visible) await page.waitForFunction((one) => window.harness.session(one).idle(), id);
}

export async function print(page: Page, id: string, text: string): Promise<void> {
  await page.evaluate(([one, output]) => window.harness.session(one).print(output), [id, text] as const);
  await page.waitForFunction((one) => window.harness.session(one).idle(), id);
}

/** What is drawn, where the terminal draws by DOM. */
export function screenOf(page: Page, id: string): Locator {
  return page.locator(`[data-terminal="${id}"] .xterm-rows`);
}

export const typed = (page: Page, id: string): Promise<string> => page.evaluate((one) => window.harness.typed(one), id);

/** Draws by DOM, with a cursor that stands still: what is on the screen can be read and compared. */
export async function drawByDom(page: Page): Promise<void> {
  await page.evaluate(() => window.harness.change({ renderer: 'dom', cursor_blink: false }));
}
