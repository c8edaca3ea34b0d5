/** How the screen is drawn: WebGL while it is seen, DOM when a context is lost, nothing while it is hidden. */
import { expect, type Page } from '@playwright/test';
import { drawByDom, print, screenOf, showTerminals, test } from './terminals.ts';

declare global {
  interface Window {
    contexts: WebGL2RenderingContext[];
  }
}

/** Contexts that the browser still has to keep. */
const liveContexts = (page: Page): Promise<number> =>
  page.evaluate(() => window.contexts.filter((context) => !context.isContextLost()).length);

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    window.contexts = [];
    const original: unknown = Reflect.get(HTMLCanvasElement.prototype, 'getContext');
    if (typeof original !== 'function') return;
    const counting = new Proxy(original, {
      apply(target, canvas, args) {
        const context: unknown = Reflect.apply(target, canvas, args);
        if (context instanceof WebGL2RenderingContext && !window.contexts.includes(context))
          window.contexts.push(context);
        return context;
      },
    });
    Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', { value: counting });
  });
});

test('text is still drawn when the WebGL context is lost (terminal black after WebGL context loss)', async ({
  terminals: page,
}) => {
  await page.evaluate(() => window.harness.change({ cursor_blink: false }));
  await showTerminals(page, ['one']);
  const screen = page.locator('.terminal-screen');
  const empty = await screen.screenshot();
  await print(page, 'one', 'still here');
  await expect.poll(() => liveContexts(page)).toBe(1);
  await expect.poll(async () => (await screen.screenshot()).equals(empty)).toBe(false);
  const drawnByWebgl = await screen.screenshot();

  await page.evaluate(() => window.contexts[0]?.getExtension('WEBGL_lose_context')?.loseContext());
  await expect(screenOf(page, 'one')).toContainText('still here', { timeout: 1000 });
  await print(page, 'one', ', and more');
  await expect(screenOf(page, 'one')).toContainText('still here, and more');

  await expect.poll(() => liveContexts(page), { timeout: 10_000 }).toBe(1);
  await print(page, 'one', '\r\u001b[2K\u001b[Hstill here');
  await expect.poll(async () => (await screen.screenshot()).equals(drawnByWebgl)).toBe(true);
});

test('fifty hidden terminals hold no WebGL context, draw nothing and lose nothing', async ({ terminals: page }) => {
  test.setTimeout(150_000);
  const ids = Array.from({ length: 50 }, (_, at) => `t${at}`);
  await page.evaluate((all) => window.harness.show({ ids: all }), ids);
  for (const id of ids) {
    await page.evaluate((one) => window.harness.show({ visible: [one] }), id);
    await page.waitForFunction((one) => window.harness.session(one).idle(), id);
    expect(await liveContexts(page)).toBeLessThanOrEqual(1);
  }
  await page.evaluate(() => window.harness.show({ visible: [] }));
  await expect.poll(() => liveContexts(page)).toBe(0);

  const drawn = await page.evaluateHandle(() => {
    const screens = document.querySelectorAll('.xterm-screen');
    const seen = { screens: screens.length, changes: 0 };
    const observer = new MutationObserver((records) => (seen.changes += records.length));
    for (const screen of screens) observer.observe(screen, { subtree: true, childList: true });
    return seen;
  });
  await page.evaluate(
    (all) => all.forEach((id) => window.harness.session(id).print(`${'line\r\n'.repeat(4000)}last of ${id}`)),
    ids,
  );
  for (const id of ids) await page.waitForFunction((one) => window.harness.session(one).idle(), id);
  expect(await liveContexts(page)).toBe(0);
  expect(await drawn.jsonValue()).toEqual({ screens: 50, changes: 0 });

  await drawByDom(page);
  await page.evaluate(() => window.harness.show({ visible: ['t33'] }));
  await expect(screenOf(page, 't33')).toContainText('last of t33');
});

test('hiding and showing makes no focus reports of its own', async ({ terminals: page }) => {
  await showTerminals(page, ['one']);
  await print(page, 'one', '\u001b[?1004h');
  await expect.poll(() => liveContexts(page)).toBe(1);
  await page.evaluate(() => window.contexts[0]?.getExtension('WEBGL_lose_context')?.loseContext());
  await expect.poll(() => page.locator('canvas').count()).toBe(0);
  await print(page, 'one', '\u001b[5n');
  const replies = await page.evaluate(() =>
    window.harness
      .session('one')
      .seen.flatMap((one) => (one.saw === 'message' && one.message.type === 'reply' ? [one.message.data] : [])),
  );
  expect(replies).toEqual(['\u001b[I', '\u001b[0n']);
});

test('a terminal that was never shown opens nothing', async ({ terminals: page }) => {
  await showTerminals(page, ['one', 'two'], ['one']);
  expect(await page.evaluate(() => window.harness.session('two').openPorts())).toBe(0);
  expect(await page.locator('[data-terminal="two"] .xterm').count()).toBe(0);
  await page.evaluate(() => window.harness.show({ visible: ['two'] }));
  await page.waitForFunction(() => window.harness.session('two').idle());
  expect(await page.evaluate(() => window.harness.session('two').openPorts())).toBe(1);
});

test('visibility is told to the session', async ({ terminals: page }) => {
  await showTerminals(page, ['one']);
  await page.evaluate(() => window.harness.show({ visible: [] }));
  const told = () =>
    page.evaluate(() =>
      window.harness
        .session('one')
        .seen.flatMap((one) => (one.saw === 'message' && one.message.type === 'visible' ? [one.message.visible] : [])),
    );
  await expect.poll(told).toEqual([true, false]);
});

test('colours of both themes are drawn without losing the screen', async ({ terminals: page }) => {
  await drawByDom(page);
  await showTerminals(page, ['one']);
  await print(page, 'one', 'kept');
  const background = () =>
    page.locator('.xterm-scrollable-element').evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await background()).toBe('rgb(21, 23, 27)');
  await page.evaluate(() => window.harness.show({ theme: 'light' }));
  await expect.poll(background).toBe('rgb(255, 255, 255)');
  await expect(screenOf(page, 'one')).toContainText('kept');
});
