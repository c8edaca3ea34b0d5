/** The picture of the README, made anew with each run in test-results/; copy it to docs/ when the app has changed its looks. */
import { expect } from '@playwright/test';
import { test } from './product/fixtures.ts';
import { openTerminal, runAndSee, screenOf, shownTerminal, signIn } from './product/person.ts';

test('a window at work shows the list of machines, and terminals side by side', async ({
  backend,
  machine: _,
  window,
}) => {
  await signIn(window, backend.url, backend.admin);
  const first = await openTerminal(window);
  await runAndSee(first, 'clear; seq -s " " 1 20; uname -sr; df -h / | tail -1', 'Linux');
  await window.keyboard.press('Control+Shift+E');
  await expect(shownTerminal(window)).toHaveCount(2);
  const second = shownTerminal(window).last();
  await expect(screenOf(second)).toContainText('$', { timeout: 30_000 });
  await window.keyboard.type('htop');
  await window.keyboard.press('Enter');
  await expect(screenOf(second)).toContainText('Load average');
  await window.screenshot({ path: 'test-results/screenshot.png' });
});
