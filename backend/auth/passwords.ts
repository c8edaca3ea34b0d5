/** Passwords: hashed with argon2id, a few at a time, and checked with one hash for all accounts of an email that share its salt, or for none. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { hash, parseOptions } from '@node-rs/argon2';

/** RFC 9106's second choice scaled to OWASP's minimum: 19 MiB, two passes, one lane. The library's default is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const SALT_BYTES = 16;

export interface PasswordLimits {
  /** Hashes computed at once: each takes 19 MiB and a thread. */
  readonly atOnce: number;
  /** Hashes that may wait for their turn. */
  readonly waiting: number;
}

/** `email` is that of the account. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}
/** `busy`: too many are waiting already. */
export type Hashed = { readonly ok: true; readonly hash: string } | { readonly ok: false; readonly code: 'busy' };
export type Verified =
  { readonly ok: true; readonly right: readonly string[] } | { readonly ok: false; readonly code: 'busy' };

export interface Passwords {
  hash(typed: Credentials): Promise<Hashed>;
  /** Which of the hashes that are stored of this email are of this password. None stored costs as much as one. */
  verify(typed: Credentials, stored: readonly string[]): Promise<Verified>;
}

/**
 * Accounts of one email share a salt, made of the email with a key of `secret`: one hash tells of all of them whether the password is
 * theirs. So there is no number of accounts past which a sign-in would leave one out, and none that a stranger could use up.
 */
export function createPasswords(limits: PasswordLimits, secret: string): Passwords {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'password-salt', 32));
  const saltOf = (email: string): Uint8Array =>
    createHmac('sha256', key).update(email).digest().subarray(0, SALT_BYTES);
  const hashNow = ({ email, password }: Credentials): Promise<string> =>
    hash(password, { ...COST, salt: saltOf(email) });
  const queue = createQueue(limits);
  return {
    async hash(typed) {
      const done = await queue(() => hashNow(typed));
      return done.ok ? { ok: true, hash: done.value } : done;
    },
    async verify(typed, stored) {
      // One each: of an older secret, or of the commands that make the first accounts, there are others.
      const ways = new Map(stored.map((one) => [wayOf(one), one]));
      const done = await queue(async () => {
        const hashes: string[] = [];
        for (const one of ways.values()) hashes.push(await hash(typed.password, optionsOf(one)));
        return hashes.length > 0 ? hashes : [await hashNow(typed)];
      });
      return done.ok ? { ok: true, right: stored.filter((one) => done.value.some((made) => isSame(made, one))) } : done;
    },
  };
}

/** `$argon2id$v=19$m=…,t=…,p=…$salt` of a stored hash: those that have it in common are tried together. */
function wayOf(stored: string): string {
  return stored.slice(0, stored.lastIndexOf('$'));
}

function optionsOf(stored: string) {
  const salt = Buffer.from(stored.split('$')[4] ?? '', 'base64');
  return { ...parseOptions(stored), salt };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
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
