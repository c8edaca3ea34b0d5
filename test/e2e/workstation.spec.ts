/** This computer as a machine, by one switch: joined, seen, somebody on it ended, left. */
import { expect } from '@playwright/test';
import { test } from './product/fixtures.ts';
import { openTerminal, page, runAndSee, signIn } from './product/person.ts';

test('a switch makes this computer a machine; who is on it is seen and can be ended; leaving removes it', async ({
  account,
  backend,
  window,
}) => {
  await signIn(window, backend.url, backend.admin);
  await page(window, 'This workstation');
  await window.getByRole('switch', { name: 'Let granted people open terminals on this computer' }).click();
  await window.getByLabel('Name').fill('my-desk');
  if (account.linuxUser !== null) await window.getByLabel(/^Shell user/u).fill(account.linuxUser);
  await window.getByRole('switch', { name: 'Allow sudo' }).click();
  await window.getByRole('button', { name: 'Register this computer' }).click();
  await expect(window.getByText('Nobody is on this computer.')).toBeVisible({ timeout: 30_000 });

  const terminal = await openTerminal(window, 'my-desk');
  await runAndSee(terminal, 'echo on-$((1+1))', 'on-2');
  const present = window.getByRole('contentinfo', { name: 'Status' }).getByText(/is on this computer/u);
  await expect(present).toBeVisible();

  await present.click();
  await window.getByRole('button', { name: /^End the session of ada/u }).click();
  await expect(window.getByText('Nobody is on this computer.')).toBeVisible();

  await window.getByRole('button', { name: 'Leave…' }).click();
  await window
    .getByRole('dialog')
    .or(window.getByRole('alertdialog'))
    .getByRole('button', { name: /^Leave/u })
    .click();
  await expect(window.getByText('Make this computer a machine')).toBeVisible({ timeout: 30_000 });
  await expect(window.getByRole('treeitem', { name: 'my-desk' })).toHaveCount(0);
});
