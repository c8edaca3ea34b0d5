import { describe, expect, it } from 'vitest';
import { createRateLimits, usualRates } from './rate-limits.ts';

const rate = { burst: 3, perSecond: 2 };
const rates = { ...usualRates, guess: { address: rate, account: rate } };

describe('a rate limit', () => {
  it('lets a burst through, then as many as its rate, and says how long to wait', () => {
    let now = 0;
    const limits = createRateLimits(rates, () => now);
    const take = () => limits.take('guess', 'address', 'a');
    expect([take(), take(), take()]).toEqual([0, 0, 0]);
    expect(take()).toBe(0.5);
    now = 499;
    expect(take()).toBeGreaterThan(0);
    now = 1000;
    expect([take(), take()]).toEqual([0, 0]);
    expect(take()).toBeGreaterThan(0);
  });

  it('counts addresses, accounts and classes apart', () => {
    const limits = createRateLimits(rates, () => 0);
    for (let i = 0; i < 3; i++) expect(limits.take('guess', 'address', 'a')).toBe(0);
    expect(limits.take('guess', 'address', 'a')).toBeGreaterThan(0);
    expect(limits.take('guess', 'address', 'b')).toBe(0);
    expect(limits.take('guess', 'account', 'a')).toBe(0);
    expect(limits.take('read', 'address', 'a')).toBe(0);
  });

  it('does not apply to probes', () => {
    const limits = createRateLimits(rates, () => 0);
    for (let i = 0; i < 10_000; i++) expect(limits.take('none', 'address', 'a')).toBe(0);
  });

  it('keeps a bounded number of buckets, those in use', () => {
    const limits = createRateLimits(rates, () => 0);
    const drain = (who: string) => {
      for (let i = 0; i < 3; i++) limits.take('guess', 'address', who);
    };
    drain('unused');
    drain('busy');
    for (let i = 0; i < 30_000; i++) {
      limits.take('guess', 'address', `other ${i}`);
      if (i % 1000 === 0) expect(limits.take('guess', 'address', 'busy')).toBeGreaterThan(0);
    }
    expect(limits.take('guess', 'address', 'unused')).toBe(0);
  });
});
