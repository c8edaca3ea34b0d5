/** Adding a machine by the very command the app shows, in a clean home folder, and seeing it come online. */
import { expect } from '@playwright/test';
import { asAccount } from './product/account.ts';
import { startCommand } from './product/program.ts';
import { makeFolder } from './product/folder.ts';
import { test } from './product/fixtures.ts';
import { MACHINE, openTerminal, page, runAndSee, signIn } from './product/person.ts';

test('a machine is added by the command shown, comes online before one’s eyes, and has a terminal', async ({
  account,
  backend,
  window,
}) => {
  await signIn(window, backend.url, backend.admin);
  await page(window, 'Machines');
  await window.getByRole('button', { name: 'Add machine' }).first().click();
  await window.getByLabel('Name').fill('harbour-crane');
  await window.getByRole('button', { name: 'Continue' }).click();
  const dialog = window.getByRole('dialog');
  await expect(dialog).toContainText('Waiting for harbour-crane');
  const [command = '', token = ''] = await dialog.locator('code').allInnerTexts();
  expect(command).toContain(`${backend.url}/install/agent.sh`);
  expect(command).not.toContain(token);

  await using home = await makeFolder('clean-home');
  const env = {
    HOME: home.path,
    XDG_CONFIG_HOME: `${home.path}/.config`,
    XDG_DATA_HOME: `${home.path}/.local/share`,
    WEBXTERM_TOKEN: token,
  };
  await using installing = startCommand('sh', { args: ['-c', [command, ...asAccount(account)].join(' ')], env });
  try {
    await expect(dialog, installing.output()).toContainText('harbour-crane is online', { timeout: 60_000 });
    await dialog.getByRole('button', { name: 'Done' }).click();
    await runAndSee(await openTerminal(window, 'harbour-crane'), 'echo crane-$((1+1))', 'crane-2');
  } finally {
    await startCommand('sh', { args: ['-c', `"${home.path}/.local/bin/webxterm-agent" unregister`], env }).exited;
  }
});

test('a machine is removed only after its name was typed', async ({ backend, machine: _, window }) => {
  await signIn(window, backend.url, backend.admin);
  await page(window, 'Machines');
  const row = window.getByRole('row', { name: new RegExp(MACHINE, 'u') });
  await row.click({ button: 'right' });
  await window.getByRole('menuitem', { name: /Remove/u }).click();
  const dialog = window.getByRole('alertdialog').or(window.getByRole('dialog'));
  const remove = dialog.getByRole('button', { name: /^Remove/u });
  await expect(remove).toBeDisabled();
  await dialog.getByRole('textbox').fill(MACHINE);
  await remove.click();
  await expect(row).toHaveCount(0);
});
