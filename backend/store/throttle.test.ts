import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { admit, count, forget, takeBack, waitingS, waitMs } from './throttle.ts';

let made: TemporaryStore;
let now = Date.UTC(2026, 0, 1);
beforeAll(async () => {
  made = await temporaryStore();
});
afterAll(() => made[Symbol.asyncDispose]());

const enter = (account: string, address: string) => admit(made.store.platform, { account, address }, now);
const succeed = (account: string, address: string, isOfAll = true) =>
  made.store.platform.upkeep(async (tx) => {
    await (isOfAll ? forget(tx, { account }) : takeBack(tx, { account }));
    await takeBack(tx, { address });
  });

describe('the wait', () => {
  it('is none for the free tries, then doubles up to a bound', () => {
    const rule = { free: 2, firstMs: 1000, longestMs: 5000 };
    expect([1, 2, 3, 4, 5, 6, 7, 400].map((tries) => waitMs(tries, rule))).toEqual([
      0, 0, 1000, 2000, 4000, 5000, 5000, 5000,
    ]);
  });
});

describe('throttling of sign-ins', () => {
  it('slows down guessing at one account, from wherever it comes, and says for how long', async () => {
    for (let i = 0; i < 6; i++) expect(await enter('victim', `10.0.0.${i}`)).toMatchObject({ ok: true });
    expect(await enter('victim', '10.0.1.1')).toEqual({ ok: false, retryAfterS: 1 });
    now += 1000;
    expect(await enter('victim', '10.0.1.1')).toEqual({ ok: true, waitS: 2 });
    expect(await enter('victim', '10.0.1.1')).toEqual({ ok: false, retryAfterS: 2 });
    expect(await enter('another', '10.0.1.2')).toEqual({ ok: true, waitS: 0 });
  });

  it('lets no try through while waiting, however many come at once', async () => {
    now += 3_600_000;
    const tries = await Promise.all(Array.from({ length: 50 }, (_, i) => enter('crowd', `10.1.0.${i}`)));
    expect(tries.filter(({ ok }) => ok)).toHaveLength(6);
  });

  it('slows down an address that tries one account after the other', async () => {
    let refusedAt = 0;
    for (let i = 1; i <= 40 && refusedAt === 0; i++) {
      const admitted = await enter(`account ${i}`, '10.2.0.1');
      if (!admitted.ok) refusedAt = i;
    }
    expect(refusedAt).toBe(22);
  });

  it('forgets an account’s tries when it signs in, but not those of its address', async () => {
    for (let i = 0; i < 5; i++) await enter('forgetful', '10.3.0.1');
    await succeed('forgetful', '10.3.0.1');
    for (let i = 0; i < 5; i++) expect(await enter('forgetful', '10.3.0.2')).toEqual({ ok: true, waitS: 0 });
    for (let i = 0; i < 30; i++) {
      await enter(`guessed ${i}`, '10.3.0.9');
      await enter('own account', '10.3.0.9');
      await succeed('own account', '10.3.0.9');
    }
    expect((await enter('guessed next', '10.3.0.9')).ok).toBe(false);
  });

  it('goes on counting where an email has another account that the password did not open', async () => {
    for (let i = 0; i < 3; i++) {
      await enter('shared', `10.5.0.${i}`);
      await enter('shared', `10.5.1.${i}`);
      await succeed('shared', `10.5.1.${i}`, false);
    }
    for (let i = 0; i < 3; i++) expect((await enter('shared', `10.5.2.${i}`)).ok).toBe(true);
    expect((await enter('shared', '10.5.3.1')).ok).toBe(false);
  });

  it('can count what failed only, so that many at once from one address do not slow each other', async () => {
    const who = { token: 'dead', joining: '10.6.0.1' };
    expect(await waitingS(made.store.platform.read, who, now)).toBe(0);
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) waits.push(await made.store.platform.upkeep((tx) => count(tx, who, now)));
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2]);
    expect(await waitingS(made.store.platform.read, who, now)).toBe(2);
    expect(await waitingS(made.store.platform.read, { ...who, token: 'another' }, now)).toBe(0);
  });

  it('forgets everything after a day, and keeps no email and no address', async () => {
    now += 25 * 3_600_000;
    await enter('fresh', '10.4.0.1');
    const rows = await made.store.platform.read.selectFrom('login_throttles').selectAll().execute();
    expect(rows).toHaveLength(2);
    for (const { key } of rows) expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
});
