/** Rate limits: a bucket of requests for each address and each account, by class, that fills again with time. */
import type { RateClass } from '../../protocol/api/row.ts';

export interface Rate {
  /** How many may come at once. */
  readonly burst: number;
  readonly perSecond: number;
}
type Limited = Exclude<RateClass, 'none'>;
export type Rates = Readonly<Record<Limited, { readonly address: Rate; readonly account: Rate }>>;

/**
 * An address may stand for an office whose terminals all come back at once after a cut, and an account for a desktop full of them.
 * Guessing is slowed further where it happens, by account.
 */
export const usualRates: Rates = {
  read: { address: { burst: 3000, perSecond: 500 }, account: { burst: 600, perSecond: 100 } },
  write: { address: { burst: 2000, perSecond: 200 }, account: { burst: 400, perSecond: 40 } },
  guess: { address: { burst: 60, perSecond: 1 }, account: { burst: 60, perSecond: 1 } },
};

/** Buckets kept; past it the one unused for longest goes, and is then full again. */
const KEPT = 20_000;

export interface RateLimits {
  /** Seconds to wait, 0: taken. */
  take(rate: RateClass, kind: 'address' | 'account', who: string): number;
}

export function createRateLimits(rates: Rates, now: () => number): RateLimits {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(rate, kind, who) {
      if (rate === 'none') return 0;
      const { burst, perSecond } = rates[rate][kind];
      const key = `${rate} ${kind} ${who}`;
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: burst, at };
      const elapsedMs = Math.max(0, at - bucket.at); // a clock that was set back takes nothing away
      const tokens = Math.min(burst, bucket.tokens + (elapsedMs / 1000) * perSecond);
      // Written anew, so that the order of the map is that of use.
      buckets.delete(key);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
      const [oldest] = buckets.keys();
      if (buckets.size > KEPT && oldest !== undefined) buckets.delete(oldest);
      return tokens >= 1 ? 0 : (1 - tokens) / perSecond;
    },
  };
}
