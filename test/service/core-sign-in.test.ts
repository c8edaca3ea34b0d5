/**
 * Signing in with the desktop where the server asks for more than a password. The backend and its mails are real, one provider is a real
 * OpenID provider and the other has GitHub's forms; in place of the browser is a client with cookies that goes where it is sent.
 */
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CallInput } from '../../protocol/bridge/calls.ts';
import type { SignIn } from '../../protocol/bridge/sign-in.ts';
import { fakeKeychain, type FakeKeychain } from '../../main/core/vault/fake-keychain.ts';
import { startBackend, type Account, type Backend } from './backend.ts';
import { openBrowser } from './browser.ts';
import { openDesktop, type TestDesktop } from './core/desktop.ts';
import { accounts } from './core/people.ts';
import { startEntra, TENANT, type Entra } from './entra.ts';
import { startGithub, type Github } from './github.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';
import { aSuperAdmin, auditOf } from './people.ts';
import { otherThan } from './sign-in-steps.ts';

const SOON = { timeout: 10_000 };
let mailbox: Mailbox;
let github: Github;
let entra: Entra;
/** Asks everybody for a code. */
let careful: Backend;
/** Knows both providers, and asks for no codes. */
let open: Backend;
beforeAll(async () => {
  // the library of the provider says that it is not set up for the public
  vi.spyOn(console, 'warn').mockReturnValue();
  vi.spyOn(console, 'info').mockReturnValue();
  mailbox = await startMailbox();
  github = await startGithub();
  entra = await startEntra();
  careful = await startBackend({ environment: mailbox.environment });
  open = await startBackend({ environment: { ...github.environment, ...entra.environment } });
});
afterAll(async () => {
  for (const part of [careful, open, mailbox, github, entra]) await part[Symbol.asyncDispose]();
});

type At<K extends SignIn['at']> = Extract<SignIn, { at: K }>;
const isAt = <K extends SignIn['at']>(step: SignIn, at: K): step is At<K> => step.at === at;
type Call = 'accounts.sign-in' | 'accounts.sign-in-by' | 'accounts.switch' | 'sign-in.choose' | 'sign-in.code';
/** Goes on, and is then at this step. */
async function to<K extends SignIn['at'], C extends Call>(
  desktop: TestDesktop,
  at: K,
  call: C,
  input: CallInput<C>,
): Promise<At<K>> {
  const answer = await desktop.window.call(call, input);
  if (!answer.ok) throw new Error(JSON.stringify(answer.failure));
  const step: SignIn = answer.value;
  if (!isAt(step, at)) throw new Error(`not at ${at}: ${JSON.stringify(step)}`);
  expect(desktop.window.latest('sign-in.changed')).toEqual(step);
  return step;
}
const asOf = ({ url: address }: Backend, { email, password }: Pick<Account, 'email' | 'password'>) => ({
  address,
  email,
  password,
});
/** Of one email and one password. */
async function twoOf(backend: Backend, email = `${randomUUID()}@example.test`) {
  const here = await backend.signUp({ email });
  return { here, there: await backend.signUp({ email, password: here.password }) };
}
/** Signed in with a password, and in `first` then: the account there. */
async function enter(desktop: TestDesktop, person: Account, first: Account): Promise<string> {
  const { sign_in } = await to(desktop, 'organization', 'accounts.sign-in', asOf(open, person));
  return (await to(desktop, 'signed-in', 'sign-in.choose', { sign_in, tenant_id: first.organization })).account;
}
async function goTo(desktop: TestDesktop, account: string, { organization }: Account): Promise<string> {
  return (await to(desktop, 'signed-in', 'accounts.switch', { account, tenant_id: organization })).account;
}
const states = (desktop: TestDesktop) => accounts(desktop).map(({ state }) => state);
const allOnline = (desktop: TestDesktop, count: number) =>
  expect.poll(() => states(desktop), SOON).toEqual(Array.from({ length: count }, () => 'online'));
/** Every file of a folder, the log among them. */
async function contentOf(folder: string): Promise<string> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((name) => name.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  expect(files.some((file) => file.includes('log'))).toBe(true);
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
}
/** Asks for the person's leave to read, as long as it is locked. */
function lockable() {
  const keychain = fakeKeychain();
  let unlocked = Promise.resolve();
  let unlock: (() => void) | null = null;
  return {
    ...keychain,
    read: (name: string) => unlocked.then(() => keychain.read(name)),
    lock() {
      unlocked = new Promise((resolve) => {
        unlock = resolve;
      });
    },
    unlock: () => unlock?.(),
  };
}
const tokenIn = ({ entries }: FakeKeychain, account: string): string =>
  /"token":"([^"]+)"/.exec(entries.get(account) ?? '')?.[1] ?? '';
const active = (desktop: TestDesktop) => desktop.window.latest('accounts.changed')?.active;

describe('a code by mail', () => {
  it('is asked for after the password, sent again when wished, and opens the account', async () => {
    await using desktop = await openDesktop();
    const ada = await careful.signUp();
    const { sign_in, email, organization } = await to(desktop, 'code', 'accounts.sign-in', asOf(careful, ada));
    expect({ email, organization }).toMatchObject({ email: ada.email, organization: 'Analytical Engines' });
    const first = mailbox.codeFor(ada.email);
    const wrong = await desktop.window.call('sign-in.code', { sign_in, code: otherThan(first) });
    expect(wrong).toMatchObject({ ok: false, failure: { code: 'code-wrong' } });
    expect(await desktop.window.call('sign-in.resend', { sign_in })).toMatchObject({ value: { at: 'code' } });
    expect(mailbox.mailsTo(ada.email)).toHaveLength(2);
    expect(accounts(desktop)).toEqual([]);
    const code = mailbox.codeFor(ada.email);
    const { account } = await to(desktop, 'signed-in', 'sign-in.code', { sign_in, code });
    await allOnline(desktop, 1);
    await expect.poll(() => active(desktop), SOON).toBe(account);
  });

  it('that was tried too often is said to be used up; another one is taken', async () => {
    const clock = { ahead: 0 };
    await using own = await startBackend({ clock, environment: mailbox.environment });
    await using desktop = await openDesktop();
    const ada = await own.signUp();
    const { sign_in } = await to(desktop, 'code', 'accounts.sign-in', asOf(own, ada));
    const guess = otherThan(mailbox.codeFor(ada.email));
    for (let i = 0; i < 5; i++) await desktop.window.call('sign-in.code', { sign_in, code: guess });
    const dead = await desktop.window.call('sign-in.code', { sign_in, code: mailbox.codeFor(ada.email) });
    expect(dead).toMatchObject({ ok: false, failure: { code: 'code-expired' } });
    expect(desktop.window.latest('sign-in.changed')).toMatchObject({ at: 'code', used_up: true });
    await desktop.window.call('sign-in.resend', { sign_in });
    expect(desktop.window.latest('sign-in.changed')).toMatchObject({ at: 'code', used_up: false });
    const code = mailbox.codeFor(ada.email);
    const soon = await desktop.window.call('sign-in.code', { sign_in, code });
    expect(soon).toMatchObject({ ok: false, failure: { code: 'slow-down', retry_after_s: 1 } });
    clock.ahead += 1000;
    await to(desktop, 'signed-in', 'sign-in.code', { sign_in, code });
  });

  it('shows neither itself nor what goes on with it to the window, the profile or the log', async () => {
    await using desktop = await openDesktop();
    const ada = await careful.signUp();
    const { sign_in } = await to(desktop, 'code', 'accounts.sign-in', asOf(careful, ada));
    const code = mailbox.codeFor(ada.email);
    await to(desktop, 'signed-in', 'sign-in.code', { sign_in, code });
    await allOnline(desktop, 1);
    const told = JSON.stringify([desktop.window.heard('sign-in.changed'), desktop.window.heard('accounts.changed')]);
    await using again = await desktop.restart(); // all that is kept is on the disk then
    const kept = await contentOf(again.profile);
    expect(kept).toContain(ada.email);
    for (const seen of [told, kept]) {
      expect(seen).not.toMatch(/eyJ[\w-]{10,}|session_token/);
      expect(seen).not.toMatch(new RegExp(`\\b${code}\\b`));
    }
  });

  it('is left by another sign-in, and by whoever cancels', async () => {
    await using desktop = await openDesktop();
    const [ada, ben] = [await careful.signUp(), await careful.signUp()];
    const left = await to(desktop, 'code', 'accounts.sign-in', asOf(careful, ada));
    const { sign_in } = await to(desktop, 'code', 'accounts.sign-in', asOf(careful, ben));
    const late = { sign_in: left.sign_in, code: mailbox.codeFor(ada.email) };
    expect(await desktop.window.call('sign-in.code', late)).toMatchObject({ failure: { code: 'sign-in-over' } });
    await desktop.window.call('sign-in.cancel', { sign_in });
    expect(desktop.window.latest('sign-in.changed')).toBe(null);
    const cancelled = { sign_in, code: mailbox.codeFor(ben.email) };
    expect(await desktop.window.call('sign-in.code', cancelled)).toMatchObject({ failure: { code: 'sign-in-over' } });
    expect(accounts(desktop)).toEqual([]);
  });
});

describe('a sign-in without an answer yet', () => {
  it('is left by whoever cancels, and opens nothing', async () => {
    await using desktop = await openDesktop();
    const answer = desktop.window.call('accounts.sign-in', asOf(open, await open.signUp()));
    await desktop.window.call('sign-in.cancel', { sign_in: null });
    expect(await answer).toMatchObject({ ok: false, failure: { code: 'sign-in-over' } });
    expect(accounts(desktop)).toEqual([]);
  });
  it('is the only one that is left without a name', async () => {
    await using desktop = await openDesktop();
    const ada = await careful.signUp();
    const { sign_in } = await to(desktop, 'code', 'accounts.sign-in', asOf(careful, ada));
    await desktop.window.call('sign-in.cancel', { sign_in: null });
    await to(desktop, 'signed-in', 'sign-in.code', { sign_in, code: mailbox.codeFor(ada.email) });
  });
});

describe('several organizations', () => {
  it('are asked for first, the code after', async () => {
    await using desktop = await openDesktop();
    const { here, there } = await twoOf(careful);
    const { sign_in, organizations } = await to(desktop, 'organization', 'accounts.sign-in', asOf(careful, here));
    expect(organizations.map(({ tenant_id }) => tenant_id).toSorted()).toEqual(
      [here.organization, there.organization].toSorted(),
    );
    await to(desktop, 'code', 'sign-in.choose', { sign_in, tenant_id: there.organization });
    await to(desktop, 'signed-in', 'sign-in.code', { sign_in, code: mailbox.codeFor(here.email) });
    expect(accounts(desktop)).toMatchObject([{ username: there.username, tenant_id: there.organization }]);
  });

  it('are switched between by accounts of their own: both stay online, over a restart too', async () => {
    await using desktop = await openDesktop();
    const { here, there } = await twoOf(open);
    const account = await enter(desktop, here, here);
    const second = await goTo(desktop, account, there);
    await expect.poll(() => active(desktop), SOON).toBe(second);
    await allOnline(desktop, 2);
    // there is one already: it is only shown
    expect(
      await desktop.window.call('accounts.switch', { account: second, tenant_id: here.organization }),
    ).toMatchObject({ value: { at: 'signed-in', account } });
    await expect.poll(() => active(desktop), SOON).toBe(account);
    const logins = (await auditOf(open, there.organization)).filter(({ action }) => action === 'login');
    expect(logins).toHaveLength(1);
    await using again = await desktop.restart();
    await allOnline(again, 2);
  });

  it('signed out of one by one: the other goes on, and the server is told with the last', async () => {
    const keychain = lockable();
    await using desktop = await openDesktop({ keychain });
    const { here, there } = await twoOf(open);
    const account = await enter(desktop, here, here);
    await goTo(desktop, account, there);
    await allOnline(desktop, 2);
    // as soon as the app is open, before the keychain has said anything
    keychain.lock();
    await using again = await desktop.restart();
    await again.window.call('accounts.sign-out', { account });
    await expect.poll(() => accounts(again).length, SOON).toBe(1);
    keychain.unlock();
    await allOnline(again, 1);
    const [rest] = accounts(again);
    const refreshed = await again.window.call('machines.refresh', { account: rest?.account ?? '' });
    expect(refreshed).toMatchObject({ ok: true });
    await again.window.call('accounts.sign-out', { account: rest?.account ?? '' });
    const logouts = async () =>
      (await auditOf(open, there.organization)).filter(({ action }) => action === 'logout').length;
    await expect.poll(logouts, SOON).toBe(1);
    expect((await auditOf(open, here.organization)).some(({ action }) => action === 'logout')).toBe(false);
  });

  it('that ended together come back by one sign-in, each as the account it was', async () => {
    const keychain = fakeKeychain();
    await using desktop = await openDesktop({ keychain });
    const { here, there } = await twoOf(open);
    const account = await enter(desktop, here, there);
    const other = await goTo(desktop, account, here);
    await allOnline(desktop, 2);
    const token = tokenIn(keychain, account);
    await open.request('POST', '/api/auth/logout', { token });
    await expect.poll(() => states(desktop), SOON).toEqual(['expired', 'expired']);
    // to its own organization, without asking
    const again = await to(desktop, 'signed-in', 'accounts.sign-in', { ...asOf(open, here), again: account });
    expect(again.account).toBe(account);
    expect(await goTo(desktop, account, here)).toBe(other);
    await allOnline(desktop, 2);
  });

  it('are signed in to again one by one: the old sign-in ends with the last that goes on with it', async () => {
    const keychain = fakeKeychain();
    await using desktop = await openDesktop({ keychain });
    const { here, there } = await twoOf(open);
    const account = await enter(desktop, here, here);
    const other = await goTo(desktop, account, there);
    const first = tokenIn(keychain, account);
    const isGood = async () => (await open.request('GET', '/api/users/me', { token: first })).status === 200;
    await to(desktop, 'signed-in', 'accounts.sign-in', { ...asOf(open, here), again: account });
    await allOnline(desktop, 2);
    expect(await isGood()).toBe(true);
    await to(desktop, 'signed-in', 'accounts.sign-in', { ...asOf(open, here), again: other });
    await expect.poll(isGood, SOON).toBe(false);
    await allOnline(desktop, 2);
  });

  it('one that the sign-in does not reach is said to be out of reach', async () => {
    await using desktop = await openDesktop();
    const [ada, stranger] = [await open.signUp(), await open.signUp()];
    const { account } = await to(desktop, 'signed-in', 'accounts.sign-in', asOf(open, ada));
    const answer = await desktop.window.call('accounts.switch', { account, tenant_id: stranger.organization });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'organization-out-of-reach' } });
    await expect.poll(() => active(desktop), SOON).toBe(account);
  });

  it('of a super admin are accounts of their own too, though it is one user', async () => {
    await using desktop = await openDesktop();
    const [root, ada] = [await aSuperAdmin(open), await open.signUp()];
    const { account } = await to(desktop, 'signed-in', 'accounts.sign-in', asOf(open, root));
    const { account: there } = await to(desktop, 'signed-in', 'accounts.switch', {
      account,
      tenant_id: ada.organization,
    });
    expect(there).not.toBe(account);
    await allOnline(desktop, 2);
    expect(accounts(desktop).map(({ tenant_id }) => tenant_id)).toEqual([root.tenantId, ada.organization]);
  });
});

/** The desktop's browser goes where it is sent; the person says yes on the page. */
async function throughBrowser(link: string): Promise<string> {
  const browser = openBrowser();
  const page = await browser.open(link);
  const [, href = ''] = /<a href="([^"]+)"/.exec(page.text) ?? [];
  return (await browser.open(new URL(href, page.url).href)).text;
}
let lastId = 5000;
/** Who is at GitHub from now on. */
const atGithub = (email: string) => {
  lastId += 1;
  const id = lastId;
  github.state.person = { id, login: `person-${id}`, emails: [{ email, primary: true, verified: true }] };
};
const begin = async (wish: object = {}) => {
  const desktop = await openDesktop();
  const input = { address: open.url, provider: 'github' as const, ...wish };
  const { sign_in } = await to(desktop, 'browser', 'accounts.sign-in-by', input);
  return { desktop, sign_in, link: desktop.openedLinks[0] ?? '' };
};
const settled = (desktop: TestDesktop) => desktop.window.latest('sign-in.changed');

describe('signing in by the browser', () => {
  it('is offered as far as the server can do it', async () => {
    await using desktop = await openDesktop();
    const offered = async ({ url: address }: Backend) => desktop.window.call('servers.check', { address });
    expect(await offered(open)).toMatchObject({ value: { providers: ['microsoft', 'github'] } });
    expect(await offered(careful)).toMatchObject({ value: { providers: [] } });
  });

  it('begins at the server, comes back to this computer, and opens the account', async () => {
    const ada = await open.signUp();
    atGithub(ada.email);
    const { desktop, link } = await begin();
    await using _ = desktop;
    // what others on this computer see the browser started with
    for (const told of ['state', 'code_challenge', new URL(open.url).host]) expect(link).not.toContain(told);
    const browser = openBrowser();
    const { url } = await browser.open(link, () => true);
    const { origin, pathname, searchParams } = new URL(url);
    expect(`${origin}${pathname}`).toBe(`${open.url}/api/auth/oidc/github`);
    expect([...searchParams.keys()]).toEqual(['client', 'redirect_uri', 'state', 'code_challenge']);
    expect(await throughBrowser(url)).toContain('Go back to the app');
    await expect.poll(() => settled(desktop), SOON).toMatchObject({ at: 'signed-in' });
    await allOnline(desktop, 1);
    expect(accounts(desktop)).toMatchObject([{ username: ada.username }]);
  });

  it('by Microsoft too', async () => {
    const ada = await open.signUp();
    const login = `l${randomUUID()}`;
    const email = ada.email;
    entra.people.set(login, { tid: TENANT, oid: randomUUID(), xms_edov: true, email, preferred_username: email });
    const { desktop, link } = await begin({ provider: 'microsoft' });
    await using _ = desktop;
    const browser = openBrowser();
    let page = await browser.open(link);
    for (const prompt of ['login', 'consent']) {
      const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(page.text) ?? [];
      page = await browser.submit(action, { prompt, login, password: 'any' });
    }
    const [, href = ''] = /<a href="([^"]+)"/.exec(page.text) ?? [];
    await browser.open(new URL(href, page.url).href);
    await allOnline(desktop, 1);
    expect(accounts(desktop)).toMatchObject([{ username: ada.username }]);
  });

  it('asks for the organization where there are several', async () => {
    const { here, there } = await twoOf(open);
    atGithub(here.email);
    const { desktop, sign_in, link } = await begin();
    await using _ = desktop;
    await throughBrowser(link);
    await expect.poll(() => settled(desktop)?.at, SOON).toBe('organization');
    await to(desktop, 'signed-in', 'sign-in.choose', { sign_in, tenant_id: there.organization });
    await allOnline(desktop, 1);
  });

  it('signs an account in again, to its own organization', async () => {
    const { here, there } = await twoOf(open);
    atGithub(here.email);
    const { desktop, sign_in, link } = await begin();
    await using _ = desktop;
    await throughBrowser(link);
    await expect.poll(() => settled(desktop)?.at, SOON).toBe('organization');
    const choice = { sign_in, tenant_id: there.organization };
    const { account } = await to(desktop, 'signed-in', 'sign-in.choose', choice);
    await to(desktop, 'browser', 'accounts.sign-in-by', { address: open.url, provider: 'github', again: account });
    await throughBrowser(desktop.openedLinks[1] ?? '');
    await expect.poll(() => settled(desktop), SOON).toMatchObject({ at: 'signed-in', account });
  });

  it('says why the server let nobody in', async () => {
    atGithub('nobody-here@example.test');
    const { desktop, link } = await begin();
    await using _ = desktop;
    const browser = openBrowser();
    expect((await browser.open(link)).text).toContain('Nobody was signed in');
    await expect.poll(() => settled(desktop), SOON).toMatchObject({ at: 'over', failure: { code: 'account-unknown' } });
  });

  it('opens nothing where two browsers set out with it: one of them may be somebody else’s', async () => {
    atGithub((await open.signUp()).email);
    const { desktop, link } = await begin();
    await using _ = desktop;
    const { url } = await openBrowser().open(link, () => true);
    expect((await openBrowser().open(link)).text).toContain('opened before');
    await expect.poll(() => settled(desktop), SOON).toMatchObject({ at: 'over', failure: { code: 'browser-twice' } });
    await expect(throughBrowser(url)).rejects.toThrow('fetch failed');
    expect(accounts(desktop)).toEqual([]);
  });

  it('opens nothing where the server saw its challenge twice', async () => {
    atGithub((await open.signUp()).email);
    const { desktop, link } = await begin();
    await using _ = desktop;
    const { url } = await openBrowser().open(link, () => true);
    await openBrowser().open(url, (address) => address.includes('/login/oauth/'));
    expect((await openBrowser().open(url)).text).toContain('Nobody was signed in');
    await expect.poll(() => settled(desktop), SOON).toMatchObject({ at: 'over', failure: { code: 'flow-dead' } });
    expect(accounts(desktop)).toEqual([]);
  });

  it('that was cancelled is waited for no more: nobody listens there', async () => {
    atGithub((await open.signUp()).email);
    const { desktop, sign_in, link } = await begin();
    await using _ = desktop;
    await desktop.window.call('sign-in.cancel', { sign_in });
    await expect(fetch(link)).rejects.toThrow('fetch failed');
    expect(settled(desktop)).toBe(null);
  });
});
