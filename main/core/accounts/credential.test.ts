import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import type { CallServer } from '../api/client.ts';
import { fakeLog } from '../fake-log.ts';
import { createNotices } from '../notices.ts';
import { apiFailure, desktopFailure, ok, refused } from '../outcome.ts';
import { fakeKeychain } from '../vault/fake-keychain.ts';
import { createVault } from '../vault/vault.ts';
import { createCredential, signInOf } from './credential.ts';

const HOUR_MS = 3_600_000;
const start = Date.UTC(2026, 0, 15);

/** A token as servers make them: valid for a day by the server's clock, which is not this one's. */
const tokenOf = (serverClock: number, n: number): Promise<string> =>
  new SignJWT({ n })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(new Date(serverClock))
    .setExpirationTime(new Date(serverClock + 24 * HOUR_MS))
    .sign(new Uint8Array(32));

/** A server that renews, as long as it is told to. */
function server() {
  const asked: string[] = [];
  const state: { answer: Failure | null; made: number } = { answer: null, made: 0 };
  const call: CallServer = (row, args) => {
    if (!('body' in args)) throw new Error('only renewals are asked here');
    asked.push(JSON.stringify(args.body));
    if (state.answer !== null) return Promise.resolve(refused(state.answer));
    state.made += 1;
    const body = { token: `renewed-${state.made}`, expires_in: 86_400 };
    const parsed = row.answer[200]?.parse(body);
    if (parsed === undefined) throw new Error('no such answer');
    return Promise.resolve(ok(parsed));
  };
  return { call, asked, state };
}

describe('the token of an account', () => {
  let stop = new AbortController();
  beforeEach(() => {
    stop = new AbortController();
    vi.useFakeTimers({ now: start });
  });
  afterEach(() => {
    stop.abort();
    vi.useRealTimers();
  });
  const setUp = (random = 0.5) => {
    const keychain = fakeKeychain();
    const renewals = server();
    const givenUp: Failure[] = [];
    const vault = createVault({ keychain, notices: createNotices(), log: fakeLog() });
    const open = (from = vault) =>
      createCredential(
        {
          account: 'acc',
          vault: from,
          call: renewals.call,
          now: Date.now,
          random: () => random,
          givenUp: (failure) => givenUp.push(failure),
        },
        stop.signal,
      );
    return { keychain, vault, renewals, givenUp, open, credential: open() };
  };

  it('is there again after a restart, and renewed when its time has come', async () => {
    const { open, credential, renewals } = setUp();
    const token = await tokenOf(start, 0);
    void credential.set(token, 86_400);
    const again = open();
    expect(await again.load()).toBe(true);
    expect(again.token).toBe(token);
    await vi.advanceTimersByTimeAsync(16 * HOUR_MS);
    expect(renewals.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(3 * HOUR_MS);
    expect(again.token).not.toBe(token);
  });

  it('is renewed before it expires by the server’s own times, however wrong the clock here is', async () => {
    const { credential, renewals } = setUp();
    void credential.set(await tokenOf(start - 5 * 24 * HOUR_MS, 0), 86_400);
    await vi.advanceTimersByTimeAsync(16 * HOUR_MS);
    expect(renewals.asked.length).toBe(0);
    await vi.advanceTimersByTimeAsync(5 * HOUR_MS);
    expect(renewals.asked.length).toBe(1);
  });

  it('of a server that makes no JWT is renewed by what that server said', async () => {
    const { credential, renewals } = setUp();
    void credential.set('opaque', 3600);
    await vi.advanceTimersByTimeAsync(59 * 60_000);
    expect(renewals.asked).toEqual(['{"token":"opaque"}']);
  });

  it('is not renewed at one moment by all who signed in together', async () => {
    const desktops = [0, 1].map((random) => setUp(random));
    for (const { credential } of desktops) void credential.set('opaque', 86_400);
    await vi.advanceTimersByTimeAsync(17.5 * HOUR_MS);
    const moments = desktops.map(({ renewals }) => renewals.asked.length);
    expect(moments).toEqual([1, 0]);
  });

  it('is renewed at once when the computer slept over it', async () => {
    const { credential, renewals } = setUp();
    void credential.set('opaque', 86_400);
    vi.setSystemTime(start + 30 * HOUR_MS); // timers stood still
    credential.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(renewals.asked.length).toBe(1);
  });

  it('stays while the server is away, and is asked for again until it is back', async () => {
    const { credential, renewals, givenUp } = setUp();
    void credential.set('opaque', 86_400);
    renewals.state.answer = desktopFailure('unreachable');
    await vi.advanceTimersByTimeAsync(30 * HOUR_MS);
    expect(credential.token).toBe('opaque');
    expect(givenUp).toEqual([]);
    renewals.state.answer = null;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(credential.token).not.toBe('opaque');
  });

  it('is given up when the server says so, and forgotten', async () => {
    const { keychain, credential, renewals, givenUp } = setUp();
    void credential.set('opaque', 86_400);
    renewals.state.answer = apiFailure('token-revoked');
    expect(await credential.refused('opaque')).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(givenUp).toEqual([apiFailure('token-revoked')]);
    expect(credential.token).toBe(null);
    expect(keychain.entries.size).toBe(0);
  });

  it('that is refused by many at once is renewed once, and none of them asks with the old one again', async () => {
    const { credential, renewals } = setUp();
    void credential.set('opaque', 86_400);
    expect(await Promise.all([1, 2, 3].map(() => credential.refused('opaque')))).toEqual([true, true, true]);
    expect(await credential.refused('opaque')).toBe(true);
    expect(renewals.asked.length).toBe(1);
  });

  it('gives the one that was there when another takes its place, or nobody is signed in any more', async () => {
    const { credential, open, vault, keychain } = setUp();
    expect(await credential.set('first', 86_400)).toBe(null);
    expect(await credential.set('second', 86_400)).toBe('first');
    await vi.advanceTimersByTimeAsync(1);
    const soon = open({ ...vault, read: (name) => Promise.resolve(keychain.entries.get(name) ?? null) });
    const reading = soon.load(); // it has still to come
    const before = soon.set('third', 86_400);
    expect(await Promise.all([before, reading])).toEqual(['second', true]);
    expect(soon.token).toBe('third');
    await vi.advanceTimersByTimeAsync(1);
    const late = open();
    void late.load();
    expect(await late.forget()).toBe('third');
    expect(await open().load()).toBe(false);
  });

  it('says which sign-in it is of, if it is a JWT that says so', async () => {
    const signed = new SignJWT({ sid: 'a sign-in' }).setProtectedHeader({ alg: 'HS256' });
    expect(signInOf(await signed.sign(new Uint8Array(32)))).toBe('a sign-in');
    expect([await tokenOf(start, 0), 'opaque', ''].map(signInOf)).toEqual([null, null, null]);
  });

  it('leaves no timer behind', async () => {
    const { credential } = setUp();
    void credential.set('opaque', 86_400);
    await vi.advanceTimersByTimeAsync(1);
    stop.abort();
    expect(vi.getTimerCount()).toBe(0);
  });
});
