/** What a person is told when something of the computer is broken. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { test } from './product/fixtures.ts';
import { signIn } from './product/person.ts';
import { startDesktop } from './product/desktop.ts';

test('a settings file that cannot be read is kept aside, and the person is told', async ({ desktop, window }) => {
  await expect(window.getByLabel('Server address')).toBeVisible();
  await desktop.stop();
  await writeFile(path.join(desktop.profile, 'settings.json'), '{"broken');
  await desktop.restart();
  const again = await desktop.window();
  await expect(again.getByText(/settings/iu).first()).toBeVisible();
});

test('without a keychain the person is told, and is signed in until the app ends', async ({ backend, browser }) => {
  await using desktop = await startDesktop(browser, { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });
  const window = await desktop.window();
  await signIn(window, backend.url, backend.admin);
  await expect(window.getByText(/keychain/iu).first()).toBeVisible();

  await desktop.restart();
  const again = await desktop.window();
  await again
    .getByRole('button', { name: /Sign in/u })
    .first()
    .click();
  await expect(again.getByLabel('Password', { exact: true })).toBeVisible();
});
