/** Throttling of guesses: tries are counted in the store, by what is guessed at and where from, and cost more and more time. */
import { createHash } from 'node:crypto';
import type { PlatformStore, Reads, Writes } from './store.ts';
import type { Tables } from './tables.ts';

interface Rule {
  /** Tries that cost nothing. */
  readonly free: number;
  /** The wait after the first that is not free; it doubles with each. */
  readonly firstMs: number;
  readonly longestMs: number;
}
const MINUTE_MS = 60_000;
const rules = {
  /** Passwords of an account. The bound is low, so that a stranger's guessing does not lock its owner out for long. */
  account: { free: 5, firstMs: 1_000, longestMs: 5 * MINUTE_MS },
  /** Codes of an account. Only who has its password gets this far, and a million codes are few. */
  code: { free: 5, firstMs: 1_000, longestMs: 60 * MINUTE_MS },
  /** Mails with codes to an account, so that nobody's mailbox is filled. */
  mail: { free: 2, firstMs: 30_000, longestMs: 15 * MINUTE_MS },
  /** Whoever signs in from an address. */
  address: { free: 20, firstMs: 1_000, longestMs: 15 * MINUTE_MS },
  /** One token that an agent would join with, and an address that agents join from: an office may have a whole fleet behind one. */
  token: { free: 5, firstMs: 1_000, longestMs: 5 * MINUTE_MS },
  joining: { free: 20, firstMs: 1_000, longestMs: MINUTE_MS },
  /** New organizations from an address: each is an account under an email that nobody has proven yet. */
  signup: { free: 100, firstMs: 60_000, longestMs: 60 * MINUTE_MS },
} as const satisfies Record<string, Rule>;
type Kind = keyof typeof rules;
/** What a try counts for. */
export type Counted = { readonly [K in Kind]?: string };

const FORGET_MS = 24 * 60 * MINUTE_MS;

/** `waitS`: how long the next try waits, should this one fail. */
export type Admitted =
  { readonly ok: true; readonly waitS: number } | { readonly ok: false; readonly retryAfterS: number };

/** Waiting doubles with each try past the free ones. */
export function waitMs(tries: number, { free, firstMs, longestMs }: Rule): number {
  return tries <= free ? 0 : Math.min(longestMs, firstMs * 2 ** (tries - free - 1));
}

/** Counts the try before the secret is looked at: many at once cannot slip through together. */
export async function admit(platform: PlatformStore, who: Counted, now: number): Promise<Admitted> {
  return platform.upkeep(async (tx) => {
    const counters = await bump(tx, who, now);
    const retryAfterS = secondsLeft(counters, now);
    if (retryAfterS === 0) return { ok: true, waitS: await setWaits(tx, counters, now) };
    await takeBack(tx, who);
    return { ok: false, retryAfterS };
  });
}

/** Seconds until the next try is let through; 0: now. */
export async function waitingS(read: Reads<Tables>, who: Counted, now: number): Promise<number> {
  const rows = await read
    .selectFrom('login_throttles')
    .select('blocked_until')
    .where('key', 'in', keysOf(who))
    .execute();
  return secondsLeft(rows, now);
}

/** Counts a try that failed. Answers how long the next one waits, in seconds. */
export async function count(tx: Writes<Tables>, who: Counted, now: number): Promise<number> {
  return setWaits(tx, await bump(tx, who, now), now);
}

/** It was no guess: this one try is taken back. Whoever else guesses at the same goes on waiting. */
export async function takeBack(tx: Writes<Tables>, who: Counted): Promise<void> {
  await tx
    .updateTable('login_throttles')
    .set((eb) => ({ tries: eb('tries', '-', 1) }))
    .where('key', 'in', keysOf(who))
    .where('tries', '>', 0)
    .execute();
}

/** Everything so far is forgiven. */
export async function forget(tx: Writes<Tables>, who: Counted): Promise<void> {
  await tx.deleteFrom('login_throttles').where('key', 'in', keysOf(who)).execute();
}

interface Counter {
  readonly kind: Kind;
  readonly key: string;
  readonly tries: number;
  readonly blocked_until: string | null;
}
/** In this order rows are locked, so that two tries never wait for each other. */
const kinds: readonly Kind[] = ['account', 'code', 'mail', 'token', 'address', 'joining', 'signup'];

/** A hash: the table holds no list of emails and addresses. */
function keyOf(kind: Kind, value: string): string {
  return createHash('sha256').update(`${kind}\n${value}`).digest('hex');
}

function keysOf(who: Counted): readonly string[] {
  return kinds.flatMap((kind) => (who[kind] === undefined ? [] : [keyOf(kind, who[kind])]));
}

async function bump(tx: Writes<Tables>, who: Counted, now: number): Promise<readonly Counter[]> {
  await forgetOldTries(tx, now);
  const last_try_at = new Date(now).toISOString();
  const counters: Counter[] = [];
  for (const kind of kinds) {
    const value = who[kind];
    if (value === undefined) continue;
    const row = await tx
      .insertInto('login_throttles')
      .values({ key: keyOf(kind, value), tries: 1, last_try_at })
      .onConflict((oc) =>
        oc.column('key').doUpdateSet((eb) => ({ tries: eb('login_throttles.tries', '+', 1), last_try_at })),
      )
      .returning(['key', 'tries', 'blocked_until'])
      .executeTakeFirstOrThrow();
    counters.push({ kind, ...row });
  }
  return counters;
}

/** Answers the longest of them, in seconds. */
async function setWaits(tx: Writes<Tables>, counters: readonly Counter[], now: number): Promise<number> {
  const waits = counters.map(({ kind, key, tries }) => ({ key, ms: waitMs(tries, rules[kind]) }));
  for (const { key, ms } of waits) {
    const blocked_until = ms > 0 ? new Date(now + ms).toISOString() : null;
    await tx.updateTable('login_throttles').set({ blocked_until }).where('key', '=', key).execute();
  }
  return Math.ceil(Math.max(0, ...waits.map(({ ms }) => ms)) / 1000);
}

function secondsLeft(rows: readonly { readonly blocked_until: string | null }[], now: number): number {
  const until = Math.max(
    0,
    ...rows.map(({ blocked_until }) => (blocked_until === null ? 0 : Date.parse(blocked_until))),
  );
  return until > now ? Math.ceil((until - now) / 1000) : 0;
}

/** Exported for who does it when nobody tries. */
export async function forgetOldTries(tx: Writes<Tables>, now: number): Promise<void> {
  await tx
    .deleteFrom('login_throttles')
    .where('last_try_at', '<', new Date(now - FORGET_MS).toISOString())
    .execute();
}
