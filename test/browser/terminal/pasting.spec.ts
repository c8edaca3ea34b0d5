/** Every way text from elsewhere gets in goes by the guard (paste guard with holes: Shift+Insert, line ends, bracketed paste). */
import { expect, type Page } from '@playwright/test';
import { drawByDom, print, showTerminals, test, typed } from './terminals.ts';

const RISKY = 'first\r\nsecond\n';

const copy = (page: Page, text: string): Promise<void> =>
  page.evaluate((one) => navigator.clipboard.writeText(one), text);
const guard = (page: Page) => page.getByRole('dialog', { name: 'Paste this?' });

test.beforeEach(async ({ context, terminals: page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await drawByDom(page);
  await showTerminals(page, ['one']);
});

const ways: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'Ctrl+Shift+V': (page) => page.keyboard.press('Control+Shift+V'),
  'Shift+Insert': (page) => page.keyboard.press('Shift+Insert'),
  'the menu of the screen': async (page) => {
    await page.locator('.terminal-screen').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Paste' }).click();
  },
  'an action of the app': (page) => page.evaluate(() => window.harness.perform('one', 'paste')),
  'a right click that pastes': async (page) => {
    await page.evaluate(() => window.harness.change({ right_click: 'paste' }));
    await page.locator('.terminal-screen').click({ button: 'right' });
  },
  'the paste event of the browser': (page) =>
    page.evaluate(async () => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', await navigator.clipboard.readText());
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.xterm-helper-textarea')?.dispatchEvent(event);
    }),
  'text that is dropped': (page) =>
    page.evaluate(async () => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/plain', await navigator.clipboard.readText());
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('.xterm-screen')?.dispatchEvent(event);
    }),
  'the browser’s own editing': (page) =>
    page.evaluate(async () => {
      const field = document.querySelector('.xterm-helper-textarea');
      const data = await navigator.clipboard.readText();
      const event = new InputEvent('beforeinput', {
        inputType: 'insertFromPaste',
        data,
        bubbles: true,
        cancelable: true,
      });
      field?.dispatchEvent(event);
    }),
};

for (const [way, paste] of Object.entries(ways)) {
  test(`several lines by ${way} are asked about, and sent as they were shown`, async ({ terminals: page }) => {
    await copy(page, RISKY);
    await paste(page);
    await expect(guard(page)).toBeVisible();
    await expect(guard(page).getByLabel('What will be pasted')).toHaveValue('first⏎\nsecond⏎');
    expect(await typed(page, 'one')).toBe('');
    await guard(page).getByRole('button', { name: 'Paste', exact: true }).click();
    expect(await typed(page, 'one')).toBe('first\rsecond\r');
    await expect(guard(page)).toBeHidden();
    await page.keyboard.type('x');
    expect(await typed(page, 'one')).toBe('first\rsecond\rx');
  });
}

test('a middle click pastes what is selected, by the same way', async ({ terminals: page }) => {
  await print(page, 'one', 'first line\r\nsecond line');
  await page.mouse.move(15, 16);
  await page.mouse.down();
  await page.mouse.move(80, 34, { steps: 5 });
  await page.mouse.up();
  await page.mouse.click(300, 300, { button: 'middle' });
  await expect(guard(page).getByLabel('What will be pasted')).toHaveValue(/^first line⏎\nsecond/);
  expect(await typed(page, 'one')).toBe('');
});

test('what is harmless goes at once, and is marked where the program asked for it', async ({ terminals: page }) => {
  await copy(page, 'ls -la');
  await page.keyboard.press('Control+Shift+V');
  await expect.poll(() => typed(page, 'one')).toBe('ls -la');
  await print(page, 'one', '\u001b[?2004h');
  await page.keyboard.press('Shift+Insert');
  await expect.poll(() => typed(page, 'one')).toBe('ls -la\u001b[200~ls -la\u001b[201~');
});

test('a text that would end its own bracket is asked about and cannot', async ({ terminals: page }) => {
  await print(page, 'one', '\u001b[?2004h');
  await copy(page, 'ls\u001b[201~\nreboot\n');
  await page.keyboard.press('Control+Shift+V');
  await expect(guard(page)).toContainText('1 control character');
  await guard(page).getByRole('button', { name: 'Paste', exact: true }).click();
  expect(await typed(page, 'one')).toBe('\u001b[200~ls[201~\rreboot\r\u001b[201~');
});

test('control characters are shown and left out, unless the person wants them', async ({ terminals: page }) => {
  await copy(page, 'a\u0003b');
  await page.keyboard.press('Control+Shift+V');
  const shown = guard(page).getByLabel('What will be pasted');
  await expect(shown).toHaveValue('ab');
  await guard(page).getByRole('checkbox', { name: 'Leave out control and invisible characters' }).click();
  await expect(shown).toHaveValue('a␃b');
  await guard(page).getByRole('button', { name: 'Paste', exact: true }).click();
  expect(await typed(page, 'one')).toBe('a\u0003b');
});

test('Escape pastes nothing and gives the keyboard back', async ({ terminals: page }) => {
  await copy(page, RISKY);
  await page.keyboard.press('Control+Shift+V');
  await expect(guard(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(guard(page)).toBeHidden();
  await expect(page.locator('.xterm-helper-textarea')).toBeFocused();
  await page.keyboard.type('y');
  expect(await typed(page, 'one')).toBe('y');
});

test('as one line, and never asked again here', async ({ terminals: page }) => {
  await copy(page, RISKY);
  await page.keyboard.press('Control+Shift+V');
  await guard(page).getByRole('checkbox', { name: 'Do not ask again for this terminal' }).click();
  await guard(page).getByRole('button', { name: 'Paste as one line' }).click();
  expect(await typed(page, 'one')).toBe('first second');
  await page.keyboard.press('Shift+Insert');
  await expect.poll(() => typed(page, 'one')).toBe('first secondfirst\rsecond\r');
});

test('a selection is copied by action, by the browser’s own copying and on select', async ({ terminals: page }) => {
  await print(page, 'one', 'copied text');
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  expect(await page.evaluate(() => window.harness.can('one', 'copy'))).toBe(false);
  await page.mouse.dblclick(30, 16);
  await page.evaluate(() => window.harness.perform('one', 'copy'));
  await expect.poll(clipboard).toBe('copied');
  expect(await page.evaluate(() => window.harness.notices)).toEqual(['Copied']);

  await copy(page, '');
  await page.evaluate(() => window.harness.perform('one', 'select-all'));
  await page.evaluate(() => document.execCommand('copy'));
  await expect.poll(clipboard).toContain('copied text');

  await page.evaluate(() => window.harness.change({ copy_on_select: true }));
  await page.mouse.dblclick(80, 16);
  await expect.poll(clipboard).toBe('text');
});

test('a program that wants the clipboard is asked about first, and cannot read it', async ({ terminals: page }) => {
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await copy(page, 'mine');
  await print(page, 'one', `\u001b]52;c;${Buffer.from('theirs').toString('base64')}\u0007`);
  const ask = page.getByRole('alertdialog');
  await expect(ask.getByLabel('The text')).toHaveValue('theirs');
  expect(await clipboard()).toBe('mine');
  await ask.getByRole('button', { name: 'Do not allow' }).click();
  expect(await clipboard()).toBe('mine');
  await print(page, 'one', `\u001b]52;c;${Buffer.from('theirs').toString('base64')}\u0007`);
  await ask.getByRole('button', { name: 'Copy' }).click();
  await expect.poll(clipboard).toBe('theirs');
  await print(page, 'one', '\u001b]52;c;?\u0007');
  await expect(ask).toBeHidden();
  const replies = await page.evaluate(() =>
    window.harness.session('one').seen.filter((one) => one.saw === 'message' && one.message.type === 'reply'),
  );
  expect(replies).toEqual([]);
});
