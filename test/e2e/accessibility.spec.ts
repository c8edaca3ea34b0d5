/** Every page in both themes: nothing serious for axe to find. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { test } from './product/fixtures.ts';
import { openTerminal, page, signIn } from './product/person.ts';

const themes = ['light', 'dark'] as const;

async function findings(window: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page: window }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
}

for (const theme of themes) {
  test(`sign-in has no serious finding in the ${theme} theme`, async ({ window }) => {
    await window.emulateMedia({ colorScheme: theme });
    await expect(window.getByLabel('Server address')).toBeVisible();
    expect(await findings(window)).toEqual([]);
  });

  test(`every page has no serious finding in the ${theme} theme`, async ({ backend, machine: _, window }) => {
    await window.emulateMedia({ colorScheme: theme });
    await signIn(window, backend.url, backend.admin);
    for (const name of ['Machines', 'Sessions', 'This workstation', 'Settings']) {
      await page(window, name);
      await expect(window.getByRole('heading', { name, exact: true }).filter({ visible: true }).first()).toBeVisible();
      expect(await findings(window), name).toEqual([]);
    }
    await openTerminal(window);
    expect(await findings(window), 'a terminal').toEqual([]);
    await page(window, 'Search everything');
    await expect(window.getByRole('dialog')).toBeVisible();
    expect(await findings(window), 'the palette').toEqual([]);
  });
}
