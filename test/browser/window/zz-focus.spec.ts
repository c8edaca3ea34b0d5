import { expect } from '@playwright/test';
import { openTerminal, test } from './windows.ts';
for (let at = 0; at < 6; at += 1)
  test(`focus ${at}`, async ({ window: page }) => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 8 });
    await page.evaluate(() =>
      document.addEventListener(
        'focusin',
        (e) => console.log('FOCUS', performance.now() | 0, (e.target as Element).outerHTML.slice(0, 120)),
        true,
      ),
    );
    page.on('console', (m) => console.log(m.text()));
    await openTerminal(page, 'web-1');
    expect(1).toBe(1);
  });
