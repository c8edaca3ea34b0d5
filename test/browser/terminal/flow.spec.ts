/** Floods, cuts and sizes, with a real emulator in a real window. */
import { expect, type Page } from '@playwright/test';
import type { FromWindow } from '../../../protocol/bridge/terminal.ts';
import { drawByDom, print, screenOf, showTerminals, test, typed } from './terminals.ts';

const messages = (page: Page, type: FromWindow['type']): Promise<FromWindow[]> =>
  page.evaluate(
    (wanted) =>
      window.harness
        .session('one')
        .seen.flatMap((one) => (one.saw === 'message' && one.message.type === wanted ? [one.message] : [])),
    type,
  );

/** What is told of it stands there only until a new port is open: it is seen as it comes, or not at all. */
const breakPortUntilTold = (page: Page): Promise<void> =>
  page.evaluate(
    () =>
      new Promise<void>((told) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector('.terminal-status')?.textContent.includes('lost the app')) return;
          observer.disconnect();
          told();
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        window.harness.session('one').breakPort();
      }),
  );

test('10 MB of output go by in windows, and Ctrl-C gets through meanwhile (Ctrl-C does nothing under a flood)', async ({
  terminals: page,
}) => {
  await showTerminals(page, ['one']);
  await page.evaluate(() => {
    window.harness.session('one').print(`${`${'0123456789abcdef'.repeat(5)}\r\n`.repeat(122_000)}the end`);
  });
  await page.keyboard.press('Control+c');
  expect(await typed(page, 'one')).toBe('\u0003');
  expect(await page.evaluate(() => window.harness.session('one').idle())).toBe(false);
  await page.waitForFunction(() => window.harness.session('one').idle());
  const { acked, acks } = await page.evaluate(() => {
    const session = window.harness.session('one');
    return { acked: session.acked(), acks: session.seen.filter(({ saw }) => saw === 'ack').length };
  });
  expect(acked).toBe(122_000 * 82 + 7);
  expect(acks).toBeLessThan(700);
  await drawByDom(page);
  await expect(screenOf(page, 'one')).toContainText('the end');
});

test('what was on the screen stays over a cut, and a gap is stated in bytes (scrollback lost on reconnect)', async ({
  terminals: page,
}) => {
  await drawByDom(page);
  await showTerminals(page, ['one']);
  await print(page, 'one', 'before');
  await page.evaluate(() => {
    const session = window.harness.session('one');
    session.cut();
    session.print(`${'.'.repeat(5000)}after`);
    session.mend(5000);
  });
  await expect(screenOf(page, 'one')).toContainText('5,000 bytes of output are missing here');
  await expect(screenOf(page, 'one')).toContainText('before');
  await expect(screenOf(page, 'one')).toContainText('after');

  await breakPortUntilTold(page);
  await page.waitForFunction(() => window.harness.session('one').openPorts() === 1);
  await print(page, 'one', ' and on');
  await expect(screenOf(page, 'one')).toContainText('before');
  await expect(screenOf(page, 'one')).toContainText('after and on');
  await expect(page.getByRole('status')).toBeEmpty();
});

test('the size follows the window, is told when it settled, and is never told while hidden', async ({
  terminals: page,
}) => {
  await showTerminals(page, ['one']);
  const [attach] = await messages(page, 'attach');
  expect(attach).toMatchObject({ type: 'attach', consumed: null });
  await page.setViewportSize({ width: 700, height: 400 });
  await expect.poll(async () => (await messages(page, 'resize')).length).toBeGreaterThan(0);
  const small = (await messages(page, 'resize')).at(-1);
  expect(
    small?.type === 'resize' && attach?.type === 'attach' && small.cols < attach.cols && small.rows < attach.rows,
  ).toBe(true);

  const told = (await messages(page, 'resize')).length;
  await page.evaluate(() => window.harness.show({ visible: [] }));
  await page.setViewportSize({ width: 900, height: 500 });
  await print(page, 'one', 'x');
  expect((await messages(page, 'resize')).length).toBe(told);
  await page.evaluate(() => window.harness.show({ visible: ['one'] }));
  await expect.poll(async () => (await messages(page, 'resize')).length).toBe(told + 1);
});

test('a full-screen program is made to draw itself again after a gap', async ({ terminals: page }) => {
  await showTerminals(page, ['one']);
  await page.evaluate(() => {
    const session = window.harness.session('one');
    session.next.modes = '\u001b[?1049h';
    session.cut();
    session.print('0123456789');
    session.mend(10);
  });
  await expect.poll(async () => (await messages(page, 'resize')).length).toBe(2);
  const [off, back] = await messages(page, 'resize');
  const [attach] = await messages(page, 'attach');
  expect(attach).toMatchObject({
    cols: back?.type === 'resize' ? back.cols : 0,
    rows: back?.type === 'resize' ? back.rows : 0,
  });
  expect(off?.type === 'resize' && back?.type === 'resize' && off.rows === back.rows - 1).toBe(true);
});

test('text is drawn larger and smaller, and the session has the size that fits then', async ({ terminals: page }) => {
  await showTerminals(page, ['one']);
  await page.evaluate(() => window.harness.perform('one', 'zoom-in'));
  expect(await page.evaluate(() => window.harness.calls)).toEqual([
    { name: 'settings.update', input: { terminal: { font_size: 14 } } },
  ]);
  await page.evaluate(() => window.harness.change({ font_size: 26 }));
  const [attach] = await messages(page, 'attach');
  await expect.poll(async () => (await messages(page, 'resize')).length).toBe(1);
  const [resize] = await messages(page, 'resize');
  expect(resize?.type === 'resize' && attach?.type === 'attach' && resize.cols < attach.cols * 0.6).toBe(true);
});

test('a closed terminal leaves nothing behind (memory kept after closing tabs)', async ({ terminals: page }) => {
  const browser = await page.context().newCDPSession(page);
  const count = async (expression: string): Promise<number> => {
    await browser.send('HeapProfiler.collectGarbage');
    const { result } = await browser.send('Runtime.evaluate', { expression });
    const { objects } = await browser.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
    const length = await browser.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length; }',
    });
    await browser.send('Runtime.releaseObjectGroup', { objectGroup: 'console' });
    await browser.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' });
    return Number(length.result.value);
  };
  const ids = Array.from({ length: 8 }, (_, at) => `t${at}`);
  await showTerminals(page, ids);
  for (const id of ids) await print(page, id, 'filled\r\n'.repeat(5000));
  expect(await count('HTMLTextAreaElement.prototype')).toBeGreaterThanOrEqual(8);
  expect(await count('WebGL2RenderingContext.prototype')).toBeGreaterThanOrEqual(8);

  await page.evaluate(() => window.harness.show({ ids: [], visible: [] }));
  // React keeps what the last event was for.
  await page.mouse.click(10, 10);
  await expect.poll(() => count('HTMLTextAreaElement.prototype')).toBe(0);
  await expect.poll(() => count('WebGL2RenderingContext.prototype')).toBe(0);
  expect(await page.evaluate((all) => all.map((id) => window.harness.session(id).openPorts()), ids)).toEqual(
    ids.map(() => 0),
  );
});
