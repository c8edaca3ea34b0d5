/** Accounts of the desktop on a real backend, as a window sees them. */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeKeychain } from '../../main/core/vault/fake-keychain.ts';
import { startLink } from '../e2e/product/cuttable-link.ts';
import { makeFolder } from '../e2e/product/folder.ts';
import { startBackend, type Account, type Backend } from './backend.ts';
import { openDesktop, type TestDesktop } from './core/desktop.ts';
import { accounts, knownMachines, noticeCodes, onlyAccount, signIn, stateOf } from './core/people.ts';
import { closedPort } from './core/sockets.ts';
import { aJoinedMachine, aMachine, type Person } from './people.ts';

let backend: Backend;
let ada: Account;
let admin: Pick<Person, 'token'>;
beforeAll(async () => {
  backend = await startBackend();
  ada = await backend.signUp();
  admin = await backend.signIn(ada);
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
});

const online = (desktop: TestDesktop) => expect.poll(() => stateOf(desktop), { timeout: 10_000 }).toBe('online');
const failureOf = async (desktop: TestDesktop, address: string, wish: { email: string; password: string }) => {
  const answer = await desktop.window.call('accounts.sign-in', { address, ...wish });
  return answer.ok ? null : answer.failure.code;
};

describe('signing in', () => {
  it('opens the account: who, where, and its machines as they are', async () => {
    const machine = await aJoinedMachine(backend, admin, { name: 'crane' });
    const link = await machine.connect();
    await using desktop = await openDesktop();
    const account = await signIn(desktop, backend, ada);
    await online(desktop);
    expect(onlyAccount(desktop)).toMatchObject({
      address: backend.url,
      username: ada.username,
      email: ada.email,
      role: 'company_admin',
    });
    expect(desktop.window.latest('accounts.changed')).toMatchObject({ active: account, last_address: backend.url });
    await expect.poll(() => knownMachines(desktop.window, account).load).toBe('live');
    expect(knownMachines(desktop.window, account).get(machine.agentId)?.status).toBe('online');
    await link[Symbol.asyncDispose]();
  });

  it('tells a wrong password, no server and no address apart, and opens nothing', async () => {
    await using desktop = await openDesktop();
    expect(await failureOf(desktop, backend.url, { ...ada, password: 'wrong' })).toBe('wrong-credentials');
    expect(await failureOf(desktop, `127.0.0.1:${await closedPort()}`, ada)).toBe('refused');
    expect(await failureOf(desktop, 'no address', ada)).toBe('bad-address');
    expect(await failureOf(desktop, backend.url, { ...ada, email: 'no email' })).toBe('invalid-fields');
    expect(accounts(desktop)).toEqual([]);
  });

  it('again to the same account makes no second one', async () => {
    await using desktop = await openDesktop();
    const first = await signIn(desktop, backend, ada);
    expect(await signIn(desktop, backend, ada)).toBe(first);
    await expect.poll(() => accounts(desktop).length).toBe(1);
  });

  it('lasts over restarts: the token is in the keychain and nowhere else', async () => {
    const keychain = fakeKeychain();
    await using desktop = await openDesktop({ keychain });
    const account = await signIn(desktop, backend, ada);
    await online(desktop);
    const token = /"token":"([^"]+)"/.exec(keychain.entries.get(account) ?? '')?.[1] ?? '';
    await using again = await desktop.restart();
    await online(again);
    expect(onlyAccount(again)?.account).toBe(account);
    expect(token.length).toBeGreaterThan(100);
    for (const name of await readdir(again.profile, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const content = readFileSync(join(name.parentPath, name.name), 'utf8');
      expect(content).not.toContain(token);
      expect(content).not.toContain(ada.password);
    }
  });

  it('keychain missing: lasts until the app is closed, which is said; then the password is asked for', async () => {
    const keychain = fakeKeychain();
    keychain.away = 'no Secret Service on this desktop';
    await using desktop = await openDesktop({ keychain });
    await signIn(desktop, backend, ada);
    await online(desktop);
    await expect.poll(() => noticeCodes(desktop)).toContain('keychain-missing');
    await using again = await desktop.restart();
    await expect.poll(() => stateOf(again)).toBe('expired');
    expect(onlyAccount(again)?.failure?.code).toBe('signed-out');
  });

  it('several accounts on several servers at once; switching closes none', async () => {
    await using other = await startBackend();
    const ben = await other.signUp();
    await using desktop = await openDesktop();
    const first = await signIn(desktop, backend, ada);
    const second = await signIn(desktop, other, ben);
    await expect.poll(() => accounts(desktop).map(({ state }) => state)).toEqual(['online', 'online']);
    expect(desktop.window.latest('accounts.changed')?.active).toBe(second);
    await desktop.window.call('accounts.activate', { account: first });
    await expect.poll(() => desktop.window.latest('accounts.changed')?.active).toBe(first);
    expect(accounts(desktop).map(({ state }) => state)).toEqual(['online', 'online']);
    await using again = await desktop.restart();
    await expect.poll(() => accounts(again).map(({ state }) => state)).toEqual(['online', 'online']);
    expect(again.window.latest('accounts.changed')?.active).toBe(first);
  });
});

describe('a token', () => {
  it('is renewed in the background, after a sleep too, so that nobody is asked for the password', async () => {
    const clock = { ahead: 0 };
    await using timed = await startBackend({ clock });
    const keychain = fakeKeychain();
    await using desktop = await openDesktop({ keychain, now: () => Date.now() + clock.ahead });
    const account = await signIn(desktop, timed, await timed.signUp());
    await online(desktop);
    for (let slept = 0; slept < 3; slept += 1) {
      const before = keychain.entries.get(account);
      clock.ahead += 21 * 3_600_000;
      desktop.wake();
      await expect.poll(() => keychain.entries.get(account)).not.toBe(before);
    }
    await online(desktop); // 63 hours later, with tokens of 24
  });

  it('that was revoked elsewhere ends in expired, with what was known still shown; the password opens it again', async () => {
    const keychain = fakeKeychain();
    await using desktop = await openDesktop({ keychain });
    const account = await signIn(desktop, backend, ada);
    await online(desktop);
    await expect.poll(() => knownMachines(desktop.window, account).load).toBe('live');
    const known = knownMachines(desktop.window, account).names;
    const token = /"token":"([^"]+)"/.exec(keychain.entries.get(account) ?? '')?.[1] ?? '';
    await backend.request('POST', '/api/auth/logout', { token });
    await expect.poll(() => stateOf(desktop)).toBe('expired');
    expect(onlyAccount(desktop)?.failure?.code).toBe('token-revoked');
    await expect.poll(() => knownMachines(desktop.window, account)).toMatchObject({ load: 'stale', names: known });
    const answer = await desktop.window.call('machines.refresh', { account });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'signed-out' } });
    expect(await signIn(desktop, backend, ada)).toBe(account);
    await online(desktop);
  });
});

describe('signing out', () => {
  it('forgets everything of the account here, and the server takes its token no more', async () => {
    const keychain = fakeKeychain();
    await using desktop = await openDesktop({ keychain });
    const account = await signIn(desktop, backend, ada);
    await online(desktop);
    const token = /"token":"([^"]+)"/.exec(keychain.entries.get(account) ?? '')?.[1] ?? '';
    await desktop.window.call('accounts.sign-out', { account });
    await expect.poll(() => accounts(desktop)).toEqual([]);
    await expect.poll(async () => (await backend.request('GET', '/api/users/me', { token })).status).toBe(401);
    expect(keychain.entries.size).toBe(0);
    await using again = await desktop.restart();
    await expect.poll(() => again.window.latest('accounts.changed')).toMatchObject({ active: null, accounts: [] });
    expect(readFileSync(join(again.profile, 'settings.json'), 'utf8')).not.toContain(ada.email);
    expect(await readdir(join(again.profile, 'cache')).catch(() => [])).toEqual([]);
    expect(again.window.latest('accounts.changed')?.last_address).toBe(backend.url);
  });

  it('does not wait for a server that is away', async () => {
    const own = await startBackend();
    const keychain = fakeKeychain();
    await using desktop = await openDesktop({ keychain });
    const account = await signIn(desktop, own, await own.signUp());
    await online(desktop);
    await own[Symbol.asyncDispose]();
    expect(await desktop.window.call('accounts.sign-out', { account })).toEqual({ ok: true, value: null });
    await expect.poll(() => accounts(desktop)).toEqual([]);
    await expect.poll(() => keychain.entries.size).toBe(0);
  });

  it('of an account that is not there is unknown-account', async () => {
    await using desktop = await openDesktop();
    const answer = await desktop.window.call('accounts.sign-out', { account: 'nobody' });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'unknown-account' } });
  });
});

describe('when the server goes away', () => {
  it('the account says why and when it tries again, shows what was known, and comes back by itself', async () => {
    await using folder = await makeFolder('backend');
    const first = await startBackend({ dataFolder: folder.path });
    const person = await first.signUp();
    const { token } = await first.signIn(person);
    await aMachine(first, { ...admin, token }, { name: 'crane' });
    await using desktop = await openDesktop();
    const account = await signIn(desktop, first, person);
    await online(desktop);
    await first[Symbol.asyncDispose]();
    await expect.poll(() => onlyAccount(desktop)).toMatchObject({ state: 'offline', failure: { code: 'refused' } });
    expect(Date.parse(onlyAccount(desktop)?.next_try_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
    await expect.poll(() => knownMachines(desktop.window, account)).toMatchObject({ load: 'stale', names: ['crane'] });
    await using second = await startBackend({ dataFolder: folder.path, port: first.port });
    expect(second.url).toBe(first.url);
    await online(desktop);
    await expect.poll(() => knownMachines(desktop.window, account)).toMatchObject({ load: 'live', names: ['crane'] });
  });

  it('the app opens and is useful offline: last known machines, with their age', async () => {
    await using folder = await makeFolder('backend');
    const first = await startBackend({ dataFolder: folder.path });
    const person = await first.signUp();
    const { token } = await first.signIn(person);
    await aMachine(first, { ...admin, token }, { name: 'crane' });
    await using desktop = await openDesktop();
    const account = await signIn(desktop, first, person);
    await expect.poll(() => knownMachines(desktop.window, account).names).toEqual(['crane']);
    const { asOf } = knownMachines(desktop.window, account);
    await first[Symbol.asyncDispose]();
    await using again = await desktop.restart();
    await expect
      .poll(() => knownMachines(again.window, account))
      .toMatchObject({ load: 'stale', names: ['crane'], asOf });
    await expect.poll(() => stateOf(again)).toBe('offline');
  });

  it('frozen after sleep: waking up connects at once, long before the next try', async () => {
    await using link = await startLink(backend.port);
    await using desktop = await openDesktop({ random: () => 1 });
    await signIn(desktop, link, ada);
    await online(desktop);
    link.cut();
    // the tries have become rare
    await expect.poll(() => waitOf(desktop), { timeout: 15_000 }).toBeGreaterThan(3_000);
    link.mend();
    const wokeAt = performance.now();
    desktop.wake();
    await online(desktop);
    expect(performance.now() - wokeAt).toBeLessThan(2_000);
  });

  it('frozen after sleep: a connection that is dead without anybody knowing is made anew when the computer wakes', async () => {
    await using link = await startLink(backend.port);
    await using desktop = await openDesktop();
    const account = await signIn(desktop, link, ada);
    await online(desktop);
    link.stall();
    await aMachine(backend, admin, { name: 'derrick' });
    link.cut(); // what waited in the dead connection never comes
    link.mend();
    desktop.wake();
    await expect.poll(() => knownMachines(desktop.window, account).names).toContain('derrick');
  });
});

const waitOf = (desktop: TestDesktop): number => Date.parse(onlyAccount(desktop)?.next_try_at ?? '') - Date.now();
