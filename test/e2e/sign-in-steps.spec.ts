/** Signing in where a server asks for more than a password: a code from a real mail, an organization, a provider in the browser. */
import { expect, type Page } from '@playwright/test';
import { startGithub, type Github } from '../service/github.ts';
import { startMailbox, type Mailbox } from '../service/mailbox.ts';
import { startBackend, type Backend } from './product/backend.ts';
import { makeDefaultBrowser, type DefaultBrowser } from './product/default-browser.ts';
import { startDesktop } from './product/desktop.ts';
import { test as base } from './product/fixtures.ts';
import { heapOf, storedBy, TOKEN } from './product/memory.ts';
import { fillSignIn, openTerminal, runAndSee } from './product/person.ts';

interface Asking {
  readonly mailbox: Mailbox;
  readonly github: Github;
  readonly defaultBrowser: DefaultBrowser;
}
/** The server asks everybody for a code, and knows GitHub. */
const test = base.extend<Asking>({
  mailbox: async ({ browserName: _ }, provide) => {
    await using mailbox = await startMailbox();
    await provide(mailbox);
  },
  github: async ({ browserName: _ }, provide) => {
    await using github = await startGithub();
    await provide(github);
  },
  defaultBrowser: async ({ browserName: _ }, provide) => {
    await using defaultBrowser = await makeDefaultBrowser();
    await provide(defaultBrowser);
  },
  backend: async ({ mailbox, github }, provide) => {
    await using backend = await startBackend({ ...mailbox.environment, ...github.environment });
    await provide(backend);
  },
  desktop: async ({ browser, keyring, defaultBrowser }, provide) => {
    await using desktop = await startDesktop(browser, { ...keyring.env, ...defaultBrowser.env });
    await provide(desktop);
  },
});

/** The admin's email has an account in another organization too, with the same password. */
async function alsoIn(backend: Backend, organization: string, username: string): Promise<void> {
  const names = { first_name: 'Ada', last_name: 'Lovelace', company_name: organization };
  const body = JSON.stringify({ ...backend.admin, ...names, username, organization_name: organization });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${backend.url}/api/auth/signup`, { method: 'POST', headers, body });
  if (answer.status !== 201) throw new Error(await answer.text());
}
const pages = (window: Page) => window.getByRole('navigation', { name: 'Pages' });

test('one of two organizations is chosen, the code from the mail typed, and the other one gone to: terminals go on', async ({
  backend,
  machine: _,
  mailbox,
  window,
}) => {
  await alsoIn(backend, 'Engines', 'ada-engines');
  await fillSignIn(window, backend.url, backend.admin);
  await window.getByRole('button', { name: /^Harbour/u }).click();
  await expect(window.getByRole('heading', { name: 'Enter the code' })).toBeVisible();
  await window.keyboard.type(mailbox.codeFor(backend.admin.email));
  await expect(pages(window)).toBeVisible();
  const terminal = await openTerminal(window);

  const heap = await heapOf(window);
  expect(TOKEN.exec(heap)?.[0]).toBeUndefined();
  expect(await storedBy(window)).not.toMatch(TOKEN);

  await window.getByRole('button', { name: /^Account ada, Harbour/u }).click();
  await window.getByRole('menuitem', { name: /^Go to Engines/iu }).click();
  await expect(window.getByRole('button', { name: /^Account ada-engines, Engines/iu })).toBeVisible();
  await runAndSee(terminal, 'echo still-$((6*7))', 'still-42');
  expect(mailbox.mailsTo(backend.admin.email)).toHaveLength(1);
});

test('with GitHub, in the person’s own browser, and back', async ({
  backend,
  browser,
  defaultBrowser,
  github,
  window,
}) => {
  github.state.person = {
    id: 1,
    login: 'ada',
    emails: [{ email: backend.admin.email, primary: true, verified: true }],
  };
  await window.getByLabel('Server address').fill(backend.url);
  await window.getByRole('button', { name: 'Sign in with GitHub' }).click();
  await expect(window.getByRole('heading', { name: 'Finish in your browser' })).toBeVisible();

  await expect.poll(defaultBrowser.opened).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/begin\?ticket=/u);
  const tab = await browser.newPage();
  await tab.goto(await defaultBrowser.opened());
  await tab.getByRole('link', { name: 'Sign in' }).click();
  await expect(tab.getByRole('heading', { name: 'Go back to the app' })).toBeVisible();
  await tab.close();
  await expect(pages(window)).toBeVisible();
  await expect(window.getByRole('button', { name: /^Account ada, Harbour/u })).toBeVisible();
});
