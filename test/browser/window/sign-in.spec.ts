/** Signing in: what is said where, and what happens while one waits. */
import { expect, type Page } from '@playwright/test';
import { asked, signedIn, test } from './windows.ts';
import { atBrowser, atCode, atOrganization } from './sign-in-steps.ts';

/** What the sign-in of an account reaches: its own organization, and another. */
const REACHES = ['Acme', 'Harbour'].map((name) => ({ tenant_id: name.toLowerCase(), name, username: 'maria' }));

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
    {
      address: 'https://terminals.acme.example',
      again: 'acme',
      email: 'maria@acme.example',
      password: 'correct horse',
    },
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

const boxes = (page: Page) => page.getByRole('group', { name: 'Code for Acme' }).getByRole('textbox');
const typed = async (page: Page) => Promise.all((await boxes(page).all()).map((box) => box.inputValue()));
const codes = (page: Page) => asked(page, 'sign-in.code');

test.describe('the code', () => {
  test('is typed digit by digit and asked about by itself; Backspace moves back', async ({ empty: page }) => {
    await atCode(page);
    await expect(page.getByRole('heading', { name: 'Enter the code' })).toBeVisible();
    await expect(boxes(page).first()).toBeFocused();
    await page.keyboard.type('12x3');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('3456');
    await expect.poll(() => typed(page)).toEqual(['1', '2', '3', '4', '5', '6']);
    await expect.poll(() => codes(page)).toEqual([{ sign_in: 's', code: '123456' }]);
  });

  test('is pasted as it stands in the mail', async ({ empty: page }) => {
    await atCode(page);
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ' 123 456 ');
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(paste);
    });
    await expect.poll(() => codes(page)).toEqual([{ sign_in: 's', code: '123456' }]);
  });

  test('that is wrong is typed anew, and what was said is gone then', async ({ empty: page }) => {
    await atCode(page);
    await page.keyboard.type('000000');
    await expect(boxes(page).first()).toHaveAccessibleDescription('This code is not right, or no longer good.');
    await expect(boxes(page).first()).toBeFocused();
    await expect.poll(() => typed(page)).toEqual(['', '', '', '', '', '']);
    await page.keyboard.type('1');
    await expect(boxes(page).first()).toHaveAccessibleDescription('');
  });

  test('counts down how long it is good, and when another may be asked for', async ({ empty: page }) => {
    await page.clock.install();
    await atCode(page, { goodForS: 600, resendInS: 20 });
    await expect(page.getByText(/^Good for (?:10:00|9:5\d)$/u)).toBeVisible();
    await expect(page.getByRole('button', { name: /Send a new code in 0:/u })).toBeDisabled();
    await page.clock.runFor(21_000);
    await page.getByRole('button', { name: 'Send a new code', exact: true }).click();
    await expect(page.getByText('Another code was sent.')).toBeVisible();
    await expect(boxes(page).first()).toBeFocused();
    await expect.poll(() => asked(page, 'sign-in.resend')).toEqual([{ sign_in: 's' }]);
  });

  test('that is used up takes no more digits, and another can be sent', async ({ empty: page }) => {
    await atCode(page, { usedUp: true });
    await expect(boxes(page).first()).toBeDisabled();
    await expect(page.getByRole('button', { name: 'Send a new code' })).toBeEnabled();
  });

  test('after too many tries it counts down too, and keeps what was typed', async ({ empty: page }) => {
    await page.clock.install();
    await atCode(page);
    await page.evaluate(() =>
      window.stage.desktop.bridge.answer('sign-in.code', () => ({
        ok: false,
        failure: { code: 'slow-down', message: 'Too many tries.', retry_after_s: 30 },
      })),
    );
    await page.keyboard.type('123456');
    await expect(page.getByRole('button', { name: /Try again in 0:/u })).toBeDisabled();
    await page.clock.runFor(31_000);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect.poll(() => codes(page)).toHaveLength(2);
  });

  test('one can go back from', async ({ empty: page }) => {
    await atCode(page);
    await page.getByRole('button', { name: 'Back' }).click();
    await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
    await expect.poll(() => asked(page, 'sign-in.cancel')).toEqual([{ sign_in: 's' }]);
  });

  test('is asked for in a window that was just opened, too', async ({ empty: page }) => {
    await atCode(page);
    await page.evaluate(() => window.stage.restart());
    await expect(page.getByRole('heading', { name: 'Enter the code' })).toBeVisible();
  });
});

test('a sign-in that took too long is begun again, and the reason is said until one types', async ({ empty: page }) => {
  await page.evaluate(() =>
    window.stage.desktop.bridge.tell('sign-in.changed', {
      sign_in: 's',
      at: 'over',
      failure: { code: 'sign-in-over', message: 'This sign-in took too long.' },
    }),
  );
  await expect(page.getByRole('alert')).toContainText('took too long');
  await page.getByLabel('Password', { exact: true }).fill('again');
  await expect(page.getByRole('alert')).toBeHidden();
});

test('one of several organizations is chosen by the keyboard', async ({ empty: page }) => {
  await atOrganization(page);
  await expect(page.getByRole('button', { name: /^Acme/u })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('button', { name: /^Harbour/u })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => asked(page, 'sign-in.choose')).toEqual([{ sign_in: 's', tenant_id: 'harbour' }]);
});

test('a provider that the server offers opens the browser; the window waits, and can stop waiting', async ({
  empty: page,
}) => {
  await atBrowser(page);
  await expect(page.getByRole('heading', { name: 'Finish in your browser' })).toBeVisible();
  await expect
    .poll(() => asked(page, 'accounts.sign-in-by'))
    .toEqual([{ address: 'terminals.acme.example', provider: 'github' }]);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Sign in with GitHub' })).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue('maria@acme.example');
});

test('another organization is gone to by the status bar, or by the palette, and nothing closes', async ({
  empty: page,
}) => {
  await signedIn(page);
  await page.evaluate((reaches) => {
    const { desktop } = window.stage;
    desktop.setAccount({ reaches });
    desktop.bridge.answer('accounts.switch', ({ tenant_id }) => {
      desktop.signIn({ account: 'there', tenant_id, organization: 'Harbour', reaches });
      return { ok: true, value: { sign_in: 's', at: 'signed-in', account: 'there' } };
    });
  }, REACHES);
  await page.keyboard.press('Control+K');
  await page.keyboard.type('harbour');
  await expect(page.getByRole('option', { name: /Go to Harbour/u })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Account maria, Acme/u }).click();
  await page.getByRole('menuitem', { name: /Go to Harbour/u }).click();
  await expect.poll(() => asked(page, 'accounts.switch')).toEqual([{ account: 'acme', tenant_id: 'harbour' }]);
  await expect(page.getByRole('tab', { name: 'Machines' })).toBeVisible();
  await page.getByRole('button', { name: /^Account maria/u }).click();
  await expect(page.getByRole('menuitemcheckbox', { name: /Harbour/u })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: /Go to/u })).toBeHidden();
});

test('a switch that wants a code asks for it in a dialog, which closes once it is right', async ({ empty: page }) => {
  await signedIn(page);
  await page.evaluate((reaches) => {
    const { desktop } = window.stage;
    desktop.setAccount({ reaches });
    const soon = new Date(Date.now() + 600_000).toISOString();
    const of = { sign_in: 's', email: 'maria@acme.example', organization: 'Harbour', used_up: false };
    const step = { ...of, at: 'code' as const, expires_at: soon, resend_at: soon };
    desktop.bridge.answer('accounts.switch', () => {
      desktop.bridge.tell('sign-in.changed', step);
      return { ok: true, value: step };
    });
    desktop.bridge.answer('sign-in.code', () => {
      const done = { sign_in: 's', at: 'signed-in' as const, account: 'acme' };
      desktop.bridge.tell('sign-in.changed', done);
      return { ok: true, value: done };
    });
  }, REACHES);
  await page.getByRole('button', { name: /^Account maria/u }).click();
  await page.getByRole('menuitem', { name: /Go to Harbour/u }).click();
  const dialog = page.getByRole('dialog', { name: 'Enter the code' });
  await expect(dialog.getByRole('textbox', { name: 'Code for Harbour' })).toBeFocused();
  await page.keyboard.type('123456');
  await expect(dialog).toBeHidden();
});

test('an account whose sign-in has ended is signed in again from another that reaches it, without a word', async ({
  empty: page,
}) => {
  await signedIn(page);
  await page.evaluate((reaches) => {
    const { desktop } = window.stage;
    desktop.setAccount({ state: 'expired', reaches });
    desktop.signIn({ account: 'there', tenant_id: 'harbour', organization: 'Harbour', reaches });
    desktop.bridge.answer('accounts.switch', () => {
      desktop.setAccount({ state: 'online' });
      return { ok: true, value: { sign_in: 's', at: 'signed-in', account: 'acme' } };
    });
  }, REACHES);
  await page.getByRole('contentinfo').getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByText(/^Connected/u)).toBeVisible();
  expect(await asked(page, 'accounts.switch')).toEqual([{ account: 'there', tenant_id: 'acme' }]);
  await expect(page.getByRole('dialog')).toBeHidden();
});
