/** Lists: loading, empty, failed, last known; found, sorted, ticked; thousands of rows. */
import { expect, type Page } from '@playwright/test';
import { asked, goTo, test } from './windows.ts';

const refused = { code: 'refused', message: 'Nothing answers at this port.' } as const;
const offline = (page: Page): Promise<void> =>
  page.evaluate((failure) => window.stage.desktop.setAccount({ state: 'offline', failure }), refused);
const stale = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { desktop, samples } = window.stage;
    const asOf = new Date(Date.now() - 8 * 60_000).toISOString();
    desktop.bridge.tellOnce(
      'machines.changed',
      samples.machinesEvent([], { replace: false, load: 'stale', as_of: asOf }),
    );
  });
const rows = (page: Page) => page.getByRole('grid').getByRole('row').filter({ hasNotText: 'Last active' });
const names = (page: Page): Promise<string[]> => page.locator('.machines-name').allInnerTexts();

test('a list that is still coming shows where its rows will be', async ({ empty: page }) => {
  await page.evaluate(() => window.stage.desktop.signIn());
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading machines' })).toBeVisible();
});

test('an empty list says what to do next', async ({ empty: page }) => {
  await page.evaluate(() => {
    window.stage.desktop.signIn();
    window.stage.desktop.setMachines([]);
    window.stage.desktop.setSessions([]);
  });
  await expect(page.getByRole('heading', { name: 'No machines yet' })).toBeVisible();
  await goTo(page, 'Sessions');
  await expect(page.getByRole('heading', { name: 'No live sessions' })).toBeVisible();
  await page.getByRole('button', { name: 'Go to machines' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Add machine' }).last().click();
  await expect(page.getByRole('dialog', { name: 'Add machine' })).toBeVisible();
});

test('a list that could not be loaded says why, and can be asked for again', async ({ empty: page }) => {
  await page.evaluate(() => window.stage.desktop.signIn());
  await offline(page);
  const alert = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
  await expect(alert).toContainText('The machines could not be loaded');
  await expect(alert).toContainText(refused.message);
  await alert.getByRole('button', { name: 'Try again' }).click();
  expect(await asked(page, 'machines.refresh')).toEqual([{ account: 'acme' }]);
});

test('without the server, the last known rows are there, with their age and the reason', async ({ window: page }) => {
  await offline(page);
  await stale(page);
  await expect(page.getByRole('main').getByText('Last known, from 8 min ago.')).toBeVisible();
  await expect(page.getByRole('main').getByText(refused.message)).toBeVisible();
  await expect(page.getByRole('row', { name: 'web-1', exact: true })).toBeVisible();
});

test('why a machine is away, and since when, stands on its page (why is it offline?)', async ({ window: page }) => {
  await page.getByRole('row', { name: 'cache-1' }).dblclick();
  await expect(page.getByRole('status').filter({ hasText: 'Its agent is not connected' })).toContainText(
    'last seen 26 min ago',
  );
  await expect(page.getByRole('button', { name: 'Open terminal', exact: true })).toBeDisabled();
});

test('rows are found by any of their words, and sorted by their headings in both directions', async ({
  window: page,
}) => {
  expect(await names(page)).toEqual(['build-1', 'cache-1', 'db-1', 'web-1', 'web-2', 'web-10']);
  await page.getByRole('searchbox', { name: 'Filter machines' }).fill('production web');
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'CPU' }).click();
  await page.getByRole('button', { name: 'CPU' }).click();
  await expect(page.getByRole('columnheader', { name: 'CPU' })).toHaveAttribute('aria-sort', 'descending');
  expect(await names(page)).toEqual(['web-10', 'web-2', 'web-1']);
  await page.getByRole('searchbox', { name: 'Filter machines' }).fill('nothing like it');
  await page.getByRole('button', { name: 'Show all machines' }).click();
  await expect(rows(page)).toHaveCount(6);
});

test('rows are walked, ticked and opened by keyboard alone', async ({ window: page }) => {
  await page.getByRole('grid', { name: 'Machines' }).focus();
  for (const key of ['End', 'Space', 'ArrowUp', 'Shift+Space']) await page.keyboard.press(key);
  await expect(page.getByText('2 machines selected')).toBeVisible();
  await page.getByRole('button', { name: 'Open 2 terminals' }).click();
  await expect(page.getByRole('tab', { name: /^web-/u })).toHaveCount(2);
});

test('the menu of a row comes by keyboard too', async ({ window: page }) => {
  await page.getByRole('grid', { name: 'Machines' }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Add to favourites' }).click();
  await expect(page.getByRole('treeitem', { name: 'Favourites 1' })).toBeVisible();
});

test('ten thousand machines are as quick as ten: few rows are drawn, a filter finds at once, a change is shown', async ({
  window: page,
}) => {
  await page.evaluate(() => {
    const { desktop, samples } = window.stage;
    const many = Array.from({ length: 10_000 }, (_, at) => samples.sampleMachine(at + 1, { name: `node-${at + 1}` }));
    desktop.setMachines(many);
  });
  await expect(page.getByText('10,000 online')).toBeVisible();
  expect(await page.getByRole('row').count()).toBeLessThan(80);
  expect(await page.getByRole('treeitem').count()).toBeLessThan(80);
  await page.getByRole('searchbox', { name: 'Filter machines' }).fill('node-9999');
  await expect(rows(page)).toHaveCount(1);
  await page.evaluate(() => {
    const { desktop, samples } = window.stage;
    const changed = samples.sampleMachine(9999, { name: 'node-9999', status: 'offline' });
    desktop.bridge.tellOnce('machines.changed', samples.machinesEvent([changed], { replace: false }));
  });
  await expect(page.getByRole('row', { name: 'node-9999' })).toContainText('Offline');
});

test('a machine is removed only after its name was typed', async ({ window: page }) => {
  await page.evaluate(() => window.stage.desktop.bridge.answer('machines.remove', () => ({ ok: true, value: null })));
  await page.getByRole('button', { name: 'More for db-1' }).click();
  await page.getByRole('menuitem', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove db-1?' });
  await expect(dialog.getByRole('button', { name: 'Remove machine' })).toBeDisabled();
  await expect(dialog.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('db-1');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  expect(await asked(page, 'machines.remove')).toHaveLength(1);
});

test('a machine that is added comes online before one’s eyes, and is one click from its terminal', async ({
  window: page,
}) => {
  await page.getByRole('main').getByRole('button', { name: 'Add machine' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription('Give it a name.');
  await page.keyboard.type('gpu-1');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/curl -fsSL .*install\/agent\.sh/u)).toBeVisible();
  await expect(dialog.getByText('wxr_2yQ8kq0v7sB1hR4tU6wXzA3cE5gJ7mN9pS')).toBeVisible();
  await expect(dialog.getByRole('status').filter({ hasText: 'Waiting for gpu-1' })).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Open terminal' })).toBeDisabled();
  await page.evaluate(() => {
    const { desktop, samples } = window.stage;
    const joined = samples.sampleMachine(255, { agent_id: samples.uuid(255), name: 'gpu-1' });
    desktop.bridge.tellOnce('machines.changed', samples.machinesEvent([joined], { replace: false }));
  });
  await expect(dialog.getByText('gpu-1 is online.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Open terminal' }).click();
  await expect(page.getByRole('tab', { name: /^gpu-1|^unknown/u })).toBeVisible();
});

test('sessions are opened by their owner alone, and ended after a question', async ({ window: page }) => {
  await page.evaluate(() => window.stage.desktop.bridge.answer('sessions.end', () => ({ ok: true, value: null })));
  await goTo(page, 'Sessions');
  await expect(page.getByRole('button', { name: 'Open the session on web-2' })).toHaveCount(0);
  await page.getByRole('button', { name: 'End the session on web-2' }).click();
  await page.getByRole('button', { name: 'End session' }).click();
  expect(await asked(page, 'sessions.end')).toHaveLength(1);
  await page.getByRole('button', { name: 'Open the session on db-1' }).click();
  await expect(page.getByRole('tab', { name: /^db-1/u })).toBeVisible();
  await goTo(page, 'Sessions');
  await page.getByRole('button', { name: 'Go to the tab of the session on db-1' }).click();
  expect(await asked(page, 'terminals.adopt')).toHaveLength(1);
  await expect(page.getByRole('tab', { name: /^db-1/u })).toHaveAttribute('aria-selected', 'true');
});
