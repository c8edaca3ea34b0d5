/** Keys, composing and the mouse, as a real browser makes them. */
import { expect } from '@playwright/test';
import { drawByDom, print, screenOf, showTerminals, test, typed } from './terminals.ts';

test.beforeEach(async ({ terminals: page }) => {
  await drawByDom(page);
  await showTerminals(page, ['one']);
});

test('keys reach the session as the bytes programs know', async ({ terminals: page }) => {
  await page.keyboard.type('echo "ä" | wc');
  for (const key of [
    'Enter',
    'ArrowUp',
    'Control+c',
    'Control+v',
    'Control+r',
    'Alt+b',
    'Tab',
    'Backspace',
    'Escape',
    'F5',
    'Delete',
  ])
    await page.keyboard.press(key);
  expect(await typed(page, 'one')).toBe(
    'echo "ä" | wc\r\u001b[A\u0003\u0016\u0012\u001bb\t\u007f\u001b\u001b[15~\u001b[3~',
  );
});

test('composing with an input method gives its result once (wrong emoji, IME and wide characters)', async ({
  terminals: page,
}) => {
  const browser = await page.context().newCDPSession(page);
  await page.keyboard.type('a');
  for (const text of ['に', 'にほ', 'にほん'])
    await browser.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await expect(page.locator('.composition-view')).toHaveText('にほん');
  expect(await typed(page, 'one')).toBe('a');
  await browser.send('Input.insertText', { text: '日本' });
  await expect.poll(() => typed(page, 'one')).toBe('a日本');
  await page.keyboard.type('b');
  expect(await typed(page, 'one')).toBe('a日本b');
});

test('an emoji from a picker is typed whole', async ({ terminals: page }) => {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Input.insertText', { text: '👩‍💻' });
  await expect.poll(() => typed(page, 'one')).toBe('👩‍💻');
});

test('emoji, wide and combining characters take the cells that programs count (wrong emoji, IME and wide characters)', async ({
  terminals: page,
}) => {
  const widths = ['a', '漢', '한', '👍', '👍🏽', '👩‍💻', '❤️', '🇩🇪', 'e\u0301', 'क्षि', '\u0e01\u0e33'];
  await print(page, 'one', widths.map((text) => `${text}\u001b[6n\r\n`).join(''));
  const reports = await page.evaluate(() =>
    window.harness
      .session('one')
      .seen.map((one) => (one.saw === 'message' && one.message.type === 'reply' ? one.message.data : ''))
      .join(''),
  );
  const columns = [...reports.matchAll(/;(\d+)R/g)].map(([, column]) => Number(column) - 1);
  expect(columns.slice(0, 9)).toEqual([1, 2, 2, 2, 2, 2, 2, 2, 1]);
  await print(page, 'one', '\u001b[?2027$p');
  const answer = await page.evaluate(() => {
    const last = window.harness.session('one').seen.findLast((one) => one.saw === 'message');
    return last?.saw === 'message' && last.message.type === 'reply' ? last.message.data : '';
  });
  expect(answer).toBe('\u001b[?2027;3$y');
});

test('the mouse goes to a program that wants it, and a wheel scrolls otherwise', async ({ terminals: page }) => {
  await print(page, 'one', `${'line\r\n'.repeat(100)}\u001b[?1000h\u001b[?1006h`);
  await page.mouse.click(100, 100);
  const report = await typed(page, 'one');
  expect(report.replaceAll('\u001b', 'ESC')).toMatch(/^ESC\[<0;\d+;\d+MESC\[<0;\d+;\d+m$/);
  await page.evaluate(() => window.harness.session('one').cut());
  await expect.poll(() => page.evaluate(() => window.harness.session('one').outstanding())).toBe(0);
  await page.mouse.click(200, 100);
  await page.keyboard.type('k');
  expect(await typed(page, 'one')).toBe(`${report}k`);
});

test('focus reports are not typing: they never wait to be sent late', async ({ terminals: page }) => {
  await print(page, 'one', '\u001b[?1004h');
  await page.locator('.xterm-helper-textarea').blur();
  await page.locator('.xterm-helper-textarea').focus();
  const replies = () =>
    page.evaluate(() =>
      window.harness
        .session('one')
        .seen.flatMap((one) => (one.saw === 'message' && one.message.type === 'reply' ? [one.message.data] : [])),
    );
  await expect.poll(replies).toEqual(['\u001b[I', '\u001b[O', '\u001b[I']);
  expect(await typed(page, 'one')).toBe('');
});

test('typing while the link is cut is kept by the app and shown', async ({ terminals: page }) => {
  await print(page, 'one', 'prompt$ ');
  await page.evaluate(() => {
    window.harness.session('one').cut();
    window.harness.setState('one', { at: 'reconnecting', next_try_at: new Date(Date.now() + 8000).toISOString() });
    window.harness.session('one').say({ type: 'kept', bytes: 6, preview: 'reboot', ask: false });
  });
  const bar = page.getByRole('status').filter({ hasText: 'Reconnecting' });
  await expect(bar).toContainText('nothing is lost');
  await expect(bar).toContainText(/Next try in \d s/);
  await expect(bar).toContainText('reboot');
  await expect(screenOf(page, 'one')).toContainText('prompt$');
  await page.keyboard.type('x');
  expect(await typed(page, 'one')).toBe('x');
});
