/** Signing in as a person does, each way it can fail, and staying signed in. */
import { expect } from '@playwright/test';
import { test } from './product/fixtures.ts';
import { fillSignIn, MACHINE, signIn } from './product/person.ts';

test('a person signs in, sees the machine, and is still signed in after the app was started anew', async ({
  backend,
  desktop,
  machine: _,
  window,
}) => {
  await signIn(window, backend.url, backend.admin);
  await expect(window.getByRole('treeitem', { name: MACHINE })).toBeVisible();

  await desktop.restart();
  const again = await desktop.window();
  await expect(again.getByRole('treeitem', { name: MACHINE })).toBeVisible();
  await expect(again.getByRole('button', { name: /^Account ada/u })).toBeVisible();
});

test('a wrong password, a server that is down and a server of another kind are told apart in plain words', async ({
  backend,
  window,
}) => {
  await fillSignIn(window, backend.url, { ...backend.admin, password: 'not this one' });
  await expect(window.getByText('The email address or the password is not right.')).toBeVisible();

  await window.getByLabel('Server address').fill('http://127.0.0.1:1');
  await expect(window.getByText(/nothing answers at this port/u)).toBeVisible();

  await window.getByLabel('Server address').fill(new URL(window.url()).origin);
  await expect(window.getByText(/it is not a WebXTerm server/u)).toBeVisible();

  await window.getByLabel('Server address').fill('no such name.example');
  await expect(window.getByText(/not an address of a server/u)).toBeVisible();
});

test('signing out forgets the account', async ({ backend, desktop, window }) => {
  await signIn(window, backend.url, backend.admin);
  await window.getByRole('button', { name: /^Account ada/u }).click();
  await window.getByRole('menuitem', { name: /Sign out ada/u }).click();
  await window.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(window.getByLabel('Server address')).toBeVisible();

  await desktop.restart();
  await expect((await desktop.window()).getByLabel('Server address')).toBeVisible();
});
