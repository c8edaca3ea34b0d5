/** Settings: each in effect at once, and kept. */
import { expect } from '@playwright/test';
import { asked, goTo, test } from './windows.ts';

test.beforeEach(async ({ window: page }) => goTo(page, 'Settings'));

test('the theme and the density change at once', async ({ window: page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole('button', { name: 'Light', exact: true }).click();
  const light = await background();
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  await expect.poll(background).not.toBe(light);
  await goTo(page, 'Machines');
  const row = page.getByRole('row', { name: 'web-1', exact: true });
  const comfortable = (await row.boundingBox())?.height ?? 0;
  await goTo(page, 'Settings');
  await page.getByRole('button', { name: 'Compact' }).click();
  await goTo(page, 'Machines');
  await expect.poll(async () => (await row.boundingBox())?.height).toBeLessThan(comfortable);
  const [first, second] = await Promise.all([
    row.boundingBox(),
    page.getByRole('row', { name: 'web-2' }).boundingBox(),
  ]);
  expect((second?.y ?? 0) - (first?.y ?? 0)).toBe(first?.height);
});

test('the theme follows the system until it is chosen', async ({ window: page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Light', exact: true }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('numbers are stepped, typed, and kept within their limits', async ({ window: page }) => {
  const size = page.getByRole('textbox', { name: 'Font size' });
  await page.getByRole('button', { name: 'More font size' }).click();
  await expect(size).toHaveValue('14');
  await size.fill('200');
  await size.press('Tab');
  await expect(size).toHaveValue('40');
  expect(await asked(page, 'settings.update')).toEqual([
    { terminal: { font_size: 14 } },
    { terminal: { font_size: 40 } },
  ]);
});

test('a text is kept when one leaves its field, and not while it cannot be right', async ({ window: page }) => {
  await page.getByRole('combobox', { name: 'Proxy' }).click();
  await page.getByRole('option', { name: 'Set here' }).click();
  const address = page.getByRole('textbox', { name: 'Proxy address' });
  await address.fill('proxy');
  await address.press('Enter');
  await expect(address).toHaveAccessibleDescription(/Write it as/u);
  await address.fill('http://proxy.example.com:3128');
  await address.press('Tab');
  expect(await asked(page, 'settings.update')).toEqual([
    { network: { proxy: 'manual' } },
    { network: { proxy_url: 'http://proxy.example.com:3128' } },
  ]);
});

test('a change that could not be kept is said', async ({ window: page }) => {
  await page.evaluate(() =>
    window.stage.desktop.bridge.answer('settings.update', () => ({
      ok: false,
      failure: { code: 'file-failed', message: 'A file could not be written.' },
    })),
  );
  await page.getByRole('switch', { name: 'Blinking cursor' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'A file could not be written.' })).toBeVisible();
});

test('what the app has to say stays until somebody dismisses it (keychain missing on unusual Linux desktops)', async ({
  window: page,
}) => {
  await page.evaluate(() => {
    const notice = { id: 'k', level: 'warning' as const, code: 'keychain-missing', message: 'There is no keychain.' };
    window.stage.desktop.bridge.tell('notices.changed', [notice]);
  });
  await expect(page.getByText('There is no keychain.')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('There is no keychain.')).toBeHidden();
  expect(await asked(page, 'notices.dismiss')).toEqual([{ notice: 'k' }]);
});

test('a link of the host leads to a page or a machine, and one it does not know leads nowhere', async ({
  window: page,
}) => {
  for (const action of ['machine.show:00000000-0000-4000-8000-000000000004', 'format.disk', 'page.sessions'])
    await page.evaluate((id) => window.stage.desktop.bridge.tellOnce('actions.requested', { action: id }), action);
  await expect(page.getByRole('tab')).toHaveText(['Machines', 'Settings', 'db-1', 'Sessions']);
});

test('a window that lost the app says so', async ({ window: page }) => {
  await page.evaluate(() => window.stage.desktop.bridge.setConnected(false));
  await expect(page.getByText('The window lost the app. Connecting again…')).toBeVisible();
  await page.evaluate(() => window.stage.desktop.bridge.setConnected(true));
  await expect(page.getByText('The window lost the app. Connecting again…')).toBeHidden();
});
