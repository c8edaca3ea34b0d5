/** Signing in: what is said where, and what happens while one waits. */
import { expect } from '@playwright/test';
import { asked, signedIn, test } from './windows.ts';

test.beforeEach(async ({ empty: page }) => {
  await page.getByLabel('Server address').fill('terminals.acme.example');
  await page.getByLabel('Email').fill('maria@acme.example');
});

test('the server is looked for while its address is typed, and the reason stands beside it', async ({
  empty: page,
}) => {
  await expect(page.getByText('WebXTerm server 0.1.0, encrypted')).toBeVisible();
  await page.getByLabel('Server address').fill('nowhere.example');
  await expect(page.getByLabel('Server address')).toHaveAccessibleDescription(/No server has this name/u);
  await page.getByLabel('Server address').fill('http://terminals.acme.example');
  await expect(page.getByLabel('Server address')).toHaveAccessibleDescription(/Not encrypted/u);
});

test('a wrong password is told at the password, and no longer once it is typed anew', async ({ empty: page }) => {
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('wrong');
  await page.keyboard.press('Enter');
  await expect(password).toHaveAccessibleDescription('The email address or the password is not right.');
  await password.fill('wrong again');
  await expect(password).toHaveAccessibleDescription('');
});

test('a password can be shown, and is hidden at first', async ({ empty: page }) => {
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: 'Show password' }).click();
  await expect(password).toHaveAttribute('type', 'text');
});

test('after too many tries it counts down, and lets one try again then', async ({ empty: page }) => {
  await page.clock.install();
  await page.evaluate(() => {
    window.stage.desktop.bridge.answer('accounts.sign-in', () => ({
      ok: false,
      failure: { code: 'slow-down', message: 'Too many tries.', retry_after_s: 75, request_id: 'r-1' },
    }));
    window.stage.restart();
  });
  await page.getByLabel('Server address').fill('terminals.acme.example');
  await page.getByLabel('Email').fill('maria@acme.example');
  await page.getByLabel('Password', { exact: true }).fill('guess');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /Try again in 1:1/u })).toBeDisabled();
  await page.getByText('Details').click();
  await expect(page.getByText('Request r-1')).toBeVisible();
  await page.clock.runFor(60_000);
  await expect(page.getByRole('button', { name: /Try again in 0:1/u })).toBeDisabled();
  await page.clock.runFor(20_000);
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled();
});

for (const [code, sentence] of [
  ['code-not-supported', 'one-time code'],
  ['organization-choice-not-supported', 'several organizations'],
] as const)
  test(`what it cannot do yet is said plainly: ${code}`, async ({ empty: page }) => {
    await page.evaluate((failing) => {
      const sentences = {
        'code-not-supported': 'It wants a one-time code.',
        'organization-choice-not-supported': 'It has several organizations.',
      };
      window.stage.desktop.bridge.answer('accounts.sign-in', () => ({
        ok: false,
        failure: { code: failing, message: sentences[failing] },
      }));
    }, code);
    await page.getByLabel('Password', { exact: true }).fill('right');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText(sentence);
  });

test('an account whose sign-in has ended keeps its tabs, and only asks for the password', async ({ empty: page }) => {
  await signedIn(page);
  await page.evaluate(() => window.stage.desktop.setAccount({ state: 'expired' }));
  await expect(page.getByRole('row', { name: 'web-1', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Sign in again' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Sign in again' });
  await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused();
  await page.keyboard.type('correct horse');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  expect(await asked(page, 'accounts.sign-in')).toEqual([
    { address: 'https://terminals.acme.example', email: 'maria@acme.example', password: 'correct horse' },
  ]);
});

test('a further account is added without closing what is open, and switching is one click', async ({ empty: page }) => {
  await signedIn(page);
  await page.getByRole('button', { name: /^Account maria/u }).click();
  await page.getByRole('menuitem', { name: 'Add an account…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an account' });
  await dialog.getByLabel('Server address').fill('lab.example');
  await dialog.getByLabel('Email').fill('maria@lab.example');
  await dialog.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: /^Account maria/u }).click();
  await page.getByRole('menuitemcheckbox', { name: /lab\.example/u }).click();
  expect(await asked(page, 'accounts.activate')).toEqual([{ account: 'a1' }]);
  await expect(page.getByRole('tab', { name: 'Machines' })).toBeVisible();
});
