/** What is around the screen: state bar, search, links, titles, menu, bell, and what a screen reader gets. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { TerminalState } from '../../../protocol/bridge/events.ts';
import { drawByDom, print, screenOf, showTerminals, test, typed } from './terminals.ts';

const setState = (page: Page, state: TerminalState): Promise<void> =>
  page.evaluate((one) => window.harness.setState('one', one), state);
const wishes = (page: Page): Promise<string[]> => page.evaluate(() => window.harness.wishes);
const messages = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    window.harness.session('one').seen.flatMap((one) => (one.saw === 'message' ? [JSON.stringify(one.message)] : [])),
  );

test.beforeEach(async ({ terminals: page }) => {
  await drawByDom(page);
  await showTerminals(page, ['one']);
});

test('when the session ended: exit code, how long, again on Enter', async ({ terminals: page }) => {
  await print(page, 'one', 'last words');
  await setState(page, { at: 'ended', exit_code: 2, reason: 'exited', duration_ms: 65_000 });
  await expect(page.getByRole('status')).toContainText('ended with exit code 2. It ran for 1 min 5 s.');
  await expect(screenOf(page, 'one')).toContainText('last words');
  await page.keyboard.type('x');
  expect(await typed(page, 'one')).toBe('');
  await page.keyboard.press('Enter');
  expect(await wishes(page)).toEqual(['again']);
  await page.getByRole('button', { name: 'Close tab' }).click();
  expect(await wishes(page)).toEqual(['again', 'close']);
});

test('what could not be opened says why, and is tried again', async ({ terminals: page }) => {
  await setState(page, {
    at: 'failed',
    failure: {
      code: 'machine-offline',
      message: 'The machine is offline.',
      detail: 'last seen at noon',
      request_id: 'r-7',
    },
  });
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The machine is offline.');
  await alert.getByText('Details').click();
  await expect(alert).toContainText('Request r-7');
  await alert.getByRole('button', { name: 'Try again' }).click();
  expect(await wishes(page)).toEqual(['again']);
});

test('kept input is shown, and sent or discarded by the person (wake sends stale input into another shell)', async ({
  terminals: page,
}) => {
  for (const [name, send] of [
    ['Send', true],
    ['Discard', false],
  ] as const) {
    await page.evaluate(() =>
      window.harness.session('one').say({ type: 'kept', bytes: 7, preview: 'reboot\r', ask: true }),
    );
    await expect(page.getByRole('status')).toContainText('reboot⏎');
    await page.getByRole('button', { name }).click();
    expect((await messages(page)).at(-1)).toBe(JSON.stringify({ type: 'kept', send }));
    await expect(page.getByRole('status')).toBeEmpty();
  }
});

test('a viewer sees the size of the session, types nothing, and can take control', async ({ terminals: page }) => {
  await page.evaluate(() => {
    const session = window.harness.session('one');
    session.next.mode = 'view';
    session.cut();
    session.mend();
    session.say({ type: 'resized', cols: 40, rows: 10 });
    window.harness.setState('one', { at: 'attached', mode: 'view' });
  });
  await expect(page.getByRole('status')).toContainText('You are watching');
  await expect.poll(() => screenOf(page, 'one').locator('> div').count()).toBe(10);
  await page.keyboard.type('x');
  expect(await typed(page, 'one')).toBe('');
  await page.getByRole('button', { name: 'Take control' }).click();
  expect((await messages(page)).at(-1)).toBe('{"type":"take"}');
});

test('the person need not wait for the next try', async ({ terminals: page }) => {
  await setState(page, { at: 'reconnecting', next_try_at: null });
  await page.getByRole('button', { name: 'Retry now' }).click();
  expect((await messages(page)).at(-1)).toBe('{"type":"retry"}');
});

test('search counts, steps, knows case, words and expressions, and ends with Escape', async ({ terminals: page }) => {
  await print(
    page,
    'one',
    `${'nothing\r\n'.repeat(100)}Error one\r\nerrors two\r\nerror three\r\n${'nothing\r\n'.repeat(100)}`,
  );
  await page.evaluate(() => window.harness.perform('one', 'find'));
  const field = page.getByLabel('Find in the terminal');
  await expect(field).toBeFocused();
  await field.fill('error');
  const count = page.locator('.terminal-search-count');
  await expect(count).toHaveText('3 of 3');
  await page.locator('.xterm-helper-textarea').focus();
  await page.evaluate(() => window.harness.perform('one', 'find'));
  await expect(field).toBeFocused();
  await expect(screenOf(page, 'one')).toContainText('error three');
  await field.press('Enter');
  await expect(count).toHaveText('2 of 3');
  await field.press('Shift+Enter');
  await expect(count).toHaveText('3 of 3');
  await page.getByRole('button', { name: 'Match case' }).click();
  await expect(count).toHaveText(/of 2$/);
  await page.getByRole('button', { name: 'Whole word' }).click();
  await expect(count).toHaveText(/of 1$/);
  await page.getByRole('button', { name: 'Whole word' }).click();
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await field.fill('err(');
  await expect(count).toHaveText('Not a valid expression');
  await field.fill('err.*(two|three)');
  await expect(count).toHaveText(/of 2$/);
  await field.fill('absent');
  await expect(count).toHaveText('No results');
  await field.press('Escape');
  await expect(field).toBeHidden();
  await expect(page.locator('.xterm-helper-textarea')).toBeFocused();
});

test('a link shows where it really leads, and opens only with Ctrl', async ({ terminals: page }) => {
  await print(page, 'one', '\u001b]8;;https://evil.example/x\u001b\\https://good.example\u001b]8;;\u001b\\\r\n');
  await print(
    page,
    'one',
    'see https://plain.example/a.\r\n\u001b]8;;file:///etc/passwd\u001b\\file\u001b]8;;\u001b\\',
  );
  await page.mouse.move(60, 16);
  await expect(page.locator('.terminal-link-target')).toContainText('https://evil.example/x');
  await page.mouse.click(60, 16);
  expect(await page.evaluate(() => window.harness.calls)).toEqual([]);
  await page.keyboard.down('Control');
  await page.mouse.click(60, 16);
  await page.mouse.move(100, 34);
  await expect(page.locator('.terminal-link-target')).toContainText('https://plain.example/a');
  await page.mouse.click(100, 34);
  await page.mouse.move(20, 52);
  await page.mouse.click(20, 52);
  await page.keyboard.up('Control');
  await expect(page.locator('.terminal-link-target')).toBeHidden();
  expect(await page.evaluate(() => window.harness.calls)).toEqual([
    { name: 'links.open', input: { url: 'https://evil.example/x' } },
    { name: 'links.open', input: { url: 'https://plain.example/a' } },
  ]);
});

test('title and directory are told to the tab', async ({ terminals: page }) => {
  await print(page, 'one', '\u001b]7;file://atlas/home/ada\u0007\u001b]2;vim notes\u0007');
  expect(await page.evaluate(() => window.harness.titles)).toEqual(['/home/ada', 'vim notes']);
});

test('the bell is seen once, and not for what was drawn before', async ({ terminals: page }) => {
  await print(page, 'one', '\u0007');
  await expect(page.locator('.terminal-bell')).toHaveCount(1);
});

test('the menu of the screen offers what can be done, and leaves the mouse to a program that takes it', async ({
  terminals: page,
}) => {
  const screen = page.locator('.terminal-screen');
  await screen.click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Copy' })).toBeDisabled();
  await page.getByRole('menuitem', { name: 'New session on this machine' }).click();
  expect(await wishes(page)).toEqual(['duplicate']);
  await print(page, 'one', 'text\r\n'.repeat(200));
  await screen.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Clear scrollback' }).click();
  await expect(screenOf(page, 'one')).not.toContainText('text');
  await print(page, 'one', '\u001b[?1000h\u001b[?1006h');
  await screen.click({ button: 'right' });
  await expect(page.getByRole('menu')).toHaveCount(0);
  await screen.click({ button: 'right', modifiers: ['Shift'] });
  await expect(page.getByRole('menu')).toHaveCount(1);
});

test('a screen reader gets one live region and the rows as text (screen readers hear everything twice, or nothing)', async ({
  terminals: page,
}) => {
  await page.evaluate(() => window.harness.change({ screen_reader: true }));
  await print(page, 'one', 'spoken words\r\n');
  const live = page.locator('.terminal-view [aria-live]');
  await expect(live).toHaveCount(1);
  await expect(live).toContainText('spoken words');
  await expect(page.getByRole('listitem').filter({ hasText: 'spoken words' })).toHaveCount(1);
  await expect(page.getByRole('textbox', { name: 'Terminal input' })).toBeFocused();
  await expect(screenOf(page, 'one')).toHaveAttribute('aria-hidden', 'true');
});

const views: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  working: (page) => print(page, 'one', 'ada@atlas:~$ ls\r\n\u001b[34mdirectory\u001b[0m file'),
  'reconnecting with kept input': async (page) => {
    await setState(page, { at: 'reconnecting', next_try_at: new Date(Date.now() + 9000).toISOString() });
    await page.evaluate(() => window.harness.session('one').say({ type: 'kept', bytes: 2, preview: 'ls', ask: false }));
  },
  ended: (page) => setState(page, { at: 'ended', exit_code: 0, reason: 'exited', duration_ms: 5000 }),
  failed: (page) =>
    setState(page, {
      at: 'failed',
      failure: { code: 'machine-offline', message: 'The machine is offline.', detail: 'x' },
    }),
  viewing: (page) => setState(page, { at: 'attached', mode: 'view' }),
  searching: async (page) => {
    await print(page, 'one', 'needle\r\nneedle');
    await page.evaluate(() => window.harness.perform('one', 'find'));
    await page.getByLabel('Find in the terminal').fill('needle');
  },
  'asking about a paste': async (page) => {
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'cd /srv\nsudo systemctl restart all\u001b[2J\n');
      document
        .querySelector('.xterm-helper-textarea')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await expect(page.getByRole('dialog')).toBeVisible();
  },
  'asking about the clipboard': (page) =>
    print(page, 'one', `\u001b]52;c;${Buffer.from('ssh-ed25519 AAAA').toString('base64')}\u0007`),
};

for (const theme of ['light', 'dark'] as const) {
  for (const [name, make] of Object.entries(views)) {
    test(`${name} in ${theme} can be used by everybody`, async ({ terminals: page }, testInfo) => {
      await page.evaluate((one) => window.harness.show({ theme: one }), theme);
      await make(page);
      await page.evaluate(async () => {
        const ending = document
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
        await Promise.all(ending.map(({ finished }) => finished));
      });
      await page.screenshot({ path: testInfo.outputPath(`${name}-${theme}.png`) });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    });
  }
}
