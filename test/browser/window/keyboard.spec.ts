/** Everything by keyboard, and to the shell what is the shell's. */
import { expect, type Page } from '@playwright/test';
import { asked, goTo, openTerminal, test } from './windows.ts';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' });

test('the palette finds machines, pages, actions and settings, and closes again', async ({ window: page }) => {
  await page.keyboard.press('Control+K');
  await expect(palette(page).getByRole('combobox')).toBeFocused();
  await page.keyboard.type('db-1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: /^db-1/u })).toBeVisible();
  for (const [typed, tab] of [
    ['go sess', 'Sessions'],
    ['settings network', 'Settings'],
  ] as const) {
    await page.keyboard.press('Control+Shift+P');
    await expect(palette(page).getByRole('combobox')).toBeFocused();
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: tab })).toHaveAttribute('aria-selected', 'true');
  }
  await expect(page.getByRole('heading', { name: 'Network' })).toBeInViewport();
  await page.keyboard.press('Control+K');
  await expect(palette(page).getByRole('combobox')).toBeFocused();
  await page.keyboard.type('no such thing');
  await expect(palette(page)).toContainText('Nothing matches');
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
});

test('in a terminal, Ctrl+K, Ctrl+B and Ctrl+W go to the shell, and Ctrl+Shift+P still opens the palette', async ({
  window: page,
}) => {
  await openTerminal(page, 'web-1');
  for (const key of ['Control+K', 'Control+B', 'Control+W']) await page.keyboard.press(key);
  await expect(palette(page)).toBeHidden();
  await expect(page.getByRole('complementary', { name: 'Machine list' })).toBeVisible();
  await expect(page.getByRole('tab', { name: /^web-1/u })).toBeVisible();
  await page.keyboard.press('Control+Shift+P');
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.closest('.xterm') !== null);
});

test('a shortcut is changed by pressing it, in effect at once, and told where it is taken', async ({
  window: page,
}) => {
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: /^Change the shortcut of This workstation/u }).click();
  await page.keyboard.press('Control+Shift+M');
  await expect(page.getByText('Also the shortcut of “Machines”.')).toBeVisible();
  await page.getByRole('button', { name: /^Change the shortcut of This workstation/u }).click();
  await page.keyboard.press('Control+Shift+9');
  await page.keyboard.press('Control+Shift+9');
  await expect(page.getByRole('tab', { name: 'This workstation' })).toHaveAttribute('aria-selected', 'true');
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Default shortcut for This workstation' }).click();
  await expect(page.getByRole('button', { name: 'Change the shortcut of This workstation, now none' })).toBeVisible();
  expect(await asked(page, 'settings.update')).toEqual([
    { shortcuts: { 'page.workstation': 'Ctrl+Shift+M' } },
    { shortcuts: { 'page.workstation': 'Ctrl+Shift+9' } },
    { shortcuts: {} },
  ]);
});

test('recording a shortcut takes all keys for itself, and Escape keeps the old one', async ({ window: page }) => {
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: /^Change the shortcut of Close tab/u }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Change the shortcut of Close tab, now Ctrl+Shift+W' })).toBeVisible();
  await page.getByRole('button', { name: /^Change the shortcut of Close tab/u }).click();
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('button', { name: 'Change the shortcut of Close tab, now none' })).toBeVisible();
  await page.keyboard.press('Control+Shift+W');
  await expect(page.getByRole('tab', { name: 'Settings' })).toBeVisible();
});

test('a dialog keeps the keys: no action happens behind it', async ({ window: page }) => {
  await page.getByRole('main').getByRole('button', { name: 'Add machine' }).click();
  await page.keyboard.press('Control+Shift+W');
  await page.keyboard.press('Control+Shift+S');
  // Behind a dialog nothing is there for a screen reader, so not by its role.
  await expect(page.locator('.dv-tab')).toHaveCount(1);
});

test('the machine list is filtered as one types, and left with the arrows', async ({ window: page }) => {
  await page.keyboard.press('Control+Shift+H');
  await expect(page.getByRole('searchbox', { name: 'Filter machine list' })).toBeFocused();
  await page.keyboard.type('web-10');
  await expect(page.getByRole('treeitem')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('tree', { name: 'Machines' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('tab', { name: /^web-10/u })).toBeVisible();
});

test('groups of the machine list are folded and unfolded with the arrows', async ({ window: page }) => {
  await page.getByRole('button', { name: 'Group by tag' }).click();
  await page.getByRole('tree', { name: 'Machines' }).focus();
  const production = page.getByRole('treeitem', { name: /^production/u });
  await expect(production).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowLeft');
  await expect(production).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('ArrowRight');
  await expect(production).toHaveAttribute('aria-expanded', 'true');
});

test('the next and the previous tab are one chord away, also in a terminal', async ({ window: page }) => {
  await openTerminal(page, 'web-1');
  await openTerminal(page, 'db-1');
  await page.keyboard.press('Control+PageUp');
  await expect(page.getByRole('tab', { name: /^web-1/u })).toHaveAttribute('aria-selected', 'true');
  await page.waitForFunction(() => document.activeElement?.closest('.xterm') !== null);
  await page.keyboard.press('Control+PageDown');
  await page.keyboard.press('Control+PageDown');
  await expect(page.getByRole('tab', { name: 'Machines' })).toHaveAttribute('aria-selected', 'true');
});
