/** Credit: the slowest holder decides, and a statement of it never says more. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_LIMIT } from './control.ts';
import { bytesOut, type Grant, limitOf, lowestLimit, windowTo } from './credit.ts';

const grant: fc.Arbitrary<Grant> = fc.record({
  consumed: fc.nat(2 ** 40),
  window: fc.oneof(fc.nat(1024 * 1024), fc.constant(NO_LIMIT)),
});

describe('credit', () => {
  it('without holders is without limit', () => {
    expect(lowestLimit([])).toBe(Number.POSITIVE_INFINITY);
    expect(windowTo(Number.POSITIVE_INFINITY, 5)).toBe(NO_LIMIT);
  });

  it('is the lowest sum of the holders: a recorder on a slow disk holds as a client does', () => {
    const client = { consumed: 1000, window: 500 };
    const recorder = { consumed: 200, window: 600 };
    expect(lowestLimit([client, recorder])).toBe(800);
    expect(lowestLimit([client, { consumed: 0, window: NO_LIMIT }])).toBe(1500);
  });

  it('restated as what is left beyond what the client consumed is never below zero', () => {
    expect(windowTo(800, 1000)).toBe(0);
    expect(windowTo(1500, 1000)).toBe(500);
  });

  it('restated never grants more than any holder did, and exactly the lowest where that is beyond what was consumed', () => {
    fc.assert(
      fc.property(fc.array(grant, { minLength: 1 }), fc.nat(2 ** 40), (holders, consumed) => {
        const limit = lowestLimit(holders);
        const stated = limitOf({ consumed, window: windowTo(limit, consumed) });
        for (const holder of holders) expect(limit).toBeLessThanOrEqual(limitOf(holder));
        if (Number.isFinite(limit) && limit - consumed >= NO_LIMIT) expect(stated).toBeLessThan(limit);
        else expect(stated).toBe(Math.max(limit, consumed));
      }),
    );
  });
});

describe('the bytes that may be out', () => {
  const bounds = { least: 64 * 1024, most: 1024 * 1024 };
  it('hold the path busy and add 50 ms of queue at most', () => {
    expect(bytesOut({ bytesPerMs: 8000, leastRoundTripMs: 40 }, bounds)).toBe(720_000);
  });
  it('keep to their bounds', () => {
    expect(bytesOut({ bytesPerMs: 0, leastRoundTripMs: 40 }, bounds)).toBe(bounds.least);
    expect(bytesOut({ bytesPerMs: 200_000, leastRoundTripMs: 1 }, bounds)).toBe(bounds.most);
  });
});
