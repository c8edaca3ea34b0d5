/** Backoff: grows, stays below half a minute, and spreads those that fail together. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from './backoff.ts';

describe('backoff', () => {
  it('doubles its ceiling from half a second to half a minute', () => {
    const most = [0, 1, 2, 3, 4, 5, 6, 7, 50].map((attempt) => backoff(attempt, () => 1));
    expect(most).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('is anywhere below the ceiling', () => {
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.nat(40), chance, (attempt, random) => {
        const wait = backoff(attempt, () => random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(30_000);
      }),
    );
  });

  it('prevents a reconnect storm: ten thousand that fail together come back at their own moments', () => {
    let seed = 1;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const busiest = new Map<number, number>();
    for (let agent = 0; agent < 10_000; agent += 1) {
      const second = Math.floor(backoff(6, random) / 1000);
      busiest.set(second, (busiest.get(second) ?? 0) + 1);
    }
    expect(Math.max(...busiest.values())).toBeLessThan(450);
  });
});
