/** Passwords: hashed with argon2id, a few at a time, and checked at the same cost whether the account exists or not. */
import { hash, verify } from '@node-rs/argon2';

/** RFC 9106's second choice scaled to OWASP's minimum: 19 MiB, two passes, one lane. The library's default is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface PasswordLimits {
  /** Hashes computed at once: each takes 19 MiB and a thread. */
  readonly atOnce: number;
  /** Hashes that may wait for their turn. */
  readonly waiting: number;
}

/** `busy`: too many are waiting already. */
export type Hashed = { readonly ok: true; readonly hash: string } | { readonly ok: false; readonly code: 'busy' };
export type Verified = { readonly ok: true; readonly right: boolean } | { readonly ok: false; readonly code: 'busy' };

export interface Passwords {
  hash(password: string): Promise<Hashed>;
  /** `stored` null: there is no such account. It costs as much, and is never right. */
  verify(password: string, stored: string | null): Promise<Verified>;
}

/** `decoy` is hashed once, to have something to compare with where there is no account. */
export async function createPasswords(limits: PasswordLimits, decoy: string): Promise<Passwords> {
  const dummy = await hash(decoy, COST);
  const queue = createQueue(limits);
  return {
    async hash(password) {
      const done = await queue(() => hash(password, COST));
      return done.ok ? { ok: true, hash: done.value } : done;
    },
    async verify(password, stored) {
      const done = await queue(() => verify(stored ?? dummy, password));
      return done.ok ? { ok: true, right: done.value && stored !== null } : done;
    },
  };
}

type Ran<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: 'busy' };

function createQueue({ atOnce, waiting }: PasswordLimits): <T>(work: () => Promise<T>) => Promise<Ran<T>> {
  let free = atOnce;
  const next: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else if (next.length >= waiting) return { ok: false, code: 'busy' };
    else await new Promise<void>((resolve) => next.push(resolve));
    try {
      return { ok: true, value: await work() };
    } finally {
      // The place goes from hand to hand, so nobody who comes in between gets it.
      const handOver = next.shift();
      if (handOver) handOver();
      else free++;
    }
  };
}
