/** Login throttling: tries are counted per account and per address, in the store, and cost more and more time. */
import { createHash } from 'node:crypto';
import type { PlatformStore, Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

interface Rule {
  /** Tries that cost nothing. */
  readonly free: number;
  readonly longestMs: number;
}
/** The account's bound is low, so that a stranger's guessing does not lock its owner out for long. */
const rules = {
  account: { free: 5, longestMs: 5 * 60_000 },
  address: { free: 20, longestMs: 15 * 60_000 },
} as const satisfies Record<string, Rule>;
type Counted = { readonly [K in keyof typeof rules]: string };

const FIRST_WAIT_MS = 1_000;
const FORGET_MS = 24 * 3_600_000;

export type Admitted = { readonly ok: true } | { readonly ok: false; readonly retryAfterS: number };

/** Waiting doubles with each try past the free ones. */
export function waitMs(tries: number, { free, longestMs }: Rule): number {
  return tries <= free ? 0 : Math.min(longestMs, FIRST_WAIT_MS * 2 ** (tries - free - 1));
}

/** Counts the try before the password is looked at: many at once cannot slip through together. */
export async function admit(platform: PlatformStore, who: Counted, now: number): Promise<Admitted> {
  return platform.upkeep(async (tx) => {
    await forgetOldTries(tx, now);
    const counters = await Promise.all(kinds.map((kind) => readCounter(tx, kind, who[kind])));
    const until = Math.max(...counters.map(({ blockedUntil }) => blockedUntil));
    if (until > now) return { ok: false, retryAfterS: Math.ceil((until - now) / 1000) };
    for (const { key, tries, kind } of counters) {
      await count(tx, { key, tries: tries + 1, wait: waitMs(tries + 1, rules[kind]), now });
    }
    return { ok: true };
  });
}

/**
 * The password was right. Of the address only this try is forgotten: whoever guesses from there goes on waiting. Of the account all
 * are, but where the email has another account with another password: that one may be what the others guessed at.
 */
export async function forgive(tx: Writes<Tables>, who: Counted, isOfAll: boolean): Promise<void> {
  const account = keyOf('account', who.account);
  if (isOfAll) await tx.deleteFrom('login_throttles').where('key', '=', account).execute();
  else await takeBack(tx, account);
  await takeBack(tx, keyOf('address', who.address));
}

async function takeBack(tx: Writes<Tables>, key: string): Promise<void> {
  await tx
    .updateTable('login_throttles')
    .set((eb) => ({ tries: eb('tries', '-', 1) }))
    .where('key', '=', key)
    .where('tries', '>', 0)
    .execute();
}

const kinds = ['account', 'address'] as const satisfies (keyof Counted)[];
type Kind = keyof Counted;

/** A hash: the table holds no list of emails and addresses. */
function keyOf(kind: Kind, value: string): string {
  return createHash('sha256').update(`${kind}\n${value}`).digest('hex');
}

async function readCounter(tx: Writes<Tables>, kind: Kind, value: string) {
  const key = keyOf(kind, value);
  const row = await tx
    .selectFrom('login_throttles')
    .select(['tries', 'blocked_until'])
    .where('key', '=', key)
    .executeTakeFirst();
  return { kind, key, tries: row?.tries ?? 0, blockedUntil: row?.blocked_until ? Date.parse(row.blocked_until) : 0 };
}

async function count(
  tx: Writes<Tables>,
  { key, tries, wait, now }: { key: string; tries: number; wait: number; now: number },
): Promise<void> {
  const counter = {
    tries,
    last_try_at: new Date(now).toISOString(),
    blocked_until: wait > 0 ? new Date(now + wait).toISOString() : null,
  };
  await tx
    .insertInto('login_throttles')
    .values({ key, ...counter })
    .onConflict((oc) => oc.column('key').doUpdateSet(counter))
    .execute();
}

/** Exported for who does it when nobody tries. */
export async function forgetOldTries(tx: Writes<Tables>, now: number): Promise<void> {
  await tx
    .deleteFrom('login_throttles')
    .where('last_try_at', '<', new Date(now - FORGET_MS).toISOString())
    .execute();
}
