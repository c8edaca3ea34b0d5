/** Typing times: the agent reads back what the client meant. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentOf, typedAt } from './typing-time.ts';

const at = (ms: number) => ({ monotonic: ms, wall: 1_700_000_000_000 + ms });

describe('a typing time', () => {
  it('comes back to within a tenth of a second, for weeks, and for what was typed before the attach', () => {
    const times = fc.tuple(fc.nat(40 * 86_400_000), fc.nat(100_000), fc.nat(60_000));
    fc.assert(
      fc.property(times, ([since, elapsed, ago]) => {
        const now = at(since + elapsed);
        const typed = at(since + elapsed - ago);
        const read = momentOf(typedAt(typed, at(since), now), at(since), now);
        expect(Math.abs(read.monotonic - typed.monotonic)).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('of the future is now', () => {
    expect(momentOf(50, at(0), at(1000))).toEqual(at(1000));
  });

  it('of what lay in sleep is old, though the monotonic clock stood still', () => {
    const now = { monotonic: 200, wall: 3_600_000 };
    const read = momentOf(
      typedAt({ monotonic: 100, wall: 0 }, { monotonic: 0, wall: 0 }, now),
      { monotonic: 0, wall: 0 },
      now,
    );
    expect(now.monotonic - read.monotonic).toBeGreaterThan(5000);
  });
});
