/** Tabs and splits: opened, moved about, closed, taken back, and there again after a restart. */
import { expect, type Page } from '@playwright/test';
import { asked, goTo, openTerminal, test } from './windows.ts';

const tabs = (page: Page): Promise<(string | null)[]> =>
  page.getByRole('tab').evaluateAll((all) => all.map((tab) => tab.getAttribute('aria-label')));
const terminalTab = (page: Page, name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`, 'u') });
const hasKeyboard = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement?.closest('.xterm') !== null);

test('a terminal has the keyboard as soon as it is open', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await page.keyboard.type('make me a sandwich');
  await expect(page.locator('.xterm-accessibility, .xterm-rows, .xterm-screen').first()).toBeVisible();
  expect(await hasKeyboard(page)).toBe(true);
});

test('a session on the same machine opens beside, and the splits are gone to by keyboard', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await page.keyboard.press('Control+Shift+E');
  await expect(page.getByRole('tablist')).toHaveCount(2);
  await expect(terminalTab(page, 'web-1')).toHaveCount(2);
  await page.waitForFunction(() => document.activeElement?.closest('.xterm') !== null);
  const activeGroup = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('.dv-groupview')].findIndex((group) => group.classList.contains('dv-active-group')),
    );
  const right = await activeGroup();
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await expect.poll(activeGroup).not.toBe(right);
  expect((await asked(page, 'terminals.open')).length).toBe(2);
});

test('a closed tab can be taken back with its session, where it was (closing with undo)', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await openTerminal(page, 'db-1');
  await terminalTab(page, 'web-1').click();
  await page.keyboard.press('Control+Shift+W');
  await expect(terminalTab(page, 'web-1')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(terminalTab(page, 'web-1')).toHaveCount(1);
  expect(await tabs(page)).toEqual(['Machines', expect.stringMatching(/^web-1/u), expect.stringMatching(/^db-1/u)]);
  expect(await asked(page, 'terminals.keep')).toHaveLength(1);
});

test('keys that come in the same moment as the pointer are for the tab it went to', async ({ window: page }) => {
  for (const machine of ['web-1', 'db-1']) await openTerminal(page, machine);
  await terminalTab(page, 'web-1').evaluate((tab) => {
    tab.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }));
    tab.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'W', ctrlKey: true, shiftKey: true }));
  });
  await expect.poll(() => tabs(page)).toEqual(['Machines', expect.stringMatching(/^db-1/u)]);
});

test('the cross, the middle button and the Delete key close the tab they are on', async ({ window: page }) => {
  for (const machine of ['web-1', 'web-2', 'db-1']) await openTerminal(page, machine);
  await terminalTab(page, 'web-2').click({ button: 'middle' });
  await terminalTab(page, 'db-1').locator('[data-close-tab]').click();
  await terminalTab(page, 'web-1').focus();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('tab')).toHaveCount(1);
  expect(await asked(page, 'terminals.close')).toHaveLength(3);
});

test('a tab is renamed, coloured and pinned from its menu, and keeps all of it over a restart', async ({
  window: page,
}) => {
  await openTerminal(page, 'web-1');
  await openTerminal(page, 'db-1');
  await terminalTab(page, 'db-1').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('the database');
  await page.keyboard.press('Enter');
  await terminalTab(page, 'the database').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Pin' }).click();
  await expect.poll(() => tabs(page)).toEqual(['the database', 'Machines', expect.stringMatching(/^web-1/u)]);
  await terminalTab(page, 'the database').click({ button: 'right' });
  await page.getByRole('menuitemcheckbox', { name: 'Orange' }).click();
  await page.evaluate(() => window.stage.restart());
  await expect.poll(() => tabs(page)).toEqual(['the database', 'Machines', expect.stringMatching(/^web-1/u)]);
  await expect(terminalTab(page, 'the database').locator('[data-colour="orange"]')).toBeVisible();
});

test('tabs, splits and pages are there again after a restart (restore brings back one window only)', async ({
  window: page,
}) => {
  await openTerminal(page, 'web-1');
  await page.keyboard.press('Control+Shift+O');
  await expect(page.getByRole('tablist')).toHaveCount(2);
  await goTo(page, 'Settings');
  await page.evaluate(() => window.stage.restart());
  await expect(page.getByRole('tablist')).toHaveCount(2);
  await expect(terminalTab(page, 'web-1')).toHaveCount(2);
  await expect(page.getByRole('tab', { name: 'Settings' })).toHaveAttribute('aria-selected', 'true');
});

test('a layout nobody can read costs the layout alone: every terminal has its tab', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await page.evaluate(() => {
    window.stage.desktop.bridge.answer('layout.load', () => ({
      ok: true,
      value:
        '{"version":1,"dock":{"grid":{"root":{"type":"nonsense"}},"panels":{}},"sidebar":{"open":true,"width":248,"folded":[],"byTag":false},"favourites":[],"recents":[]}',
    }));
    window.stage.restart();
  });
  await expect(terminalTab(page, 'web-1')).toBeVisible();
});

test('a terminal that is gone takes its tab with it', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await page.evaluate(() => window.stage.desktop.setTerminals([]));
  await expect(terminalTab(page, 'web-1')).toHaveCount(0);
});

test('with no tab open, the last machines are one click away', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await page.keyboard.press('Control+Shift+W');
  await page.getByRole('tab', { name: 'Machines' }).focus();
  await page.keyboard.press('Delete');
  await page.getByRole('list', { name: 'Recent machines' }).getByRole('button', { name: 'web-1' }).click();
  await expect(terminalTab(page, 'web-1')).toBeVisible();
});

test('a tab that is not the active one is dragged into a split of its own', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await openTerminal(page, 'db-1');
  const box = await page.getByRole('region', { name: 'Terminal on db-1' }).boundingBox();
  if (!box) throw new Error('the terminal has no place');
  await terminalTab(page, 'web-1').hover();
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
  await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2, { steps: 5 });
  const target = page.locator('.dv-drop-target-anchor, .dv-drop-target-selection').first();
  await expect.poll(async () => (await target.boundingBox())?.width).toBeLessThan(box.width * 0.6);
  await page.mouse.up();
  await expect(page.getByRole('tablist')).toHaveCount(2);
  await page.waitForFunction(() => document.activeElement?.closest('.xterm') !== null);
});
