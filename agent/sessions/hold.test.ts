/** Hold: a blip loses nothing, and an abandoned build is never frozen. */
import { describe, expect, it } from 'vitest';
import { createHold, HOLD_MS } from './hold.ts';

describe('what a lost client had granted', () => {
  it('holds the shell for a minute, then lets it run: an abandoned build is never frozen', () => {
    const hold = createHold();
    hold.clientLost(5000, 100);
    expect(hold.limit(100 + HOLD_MS - 1)).toBe(5000);
    expect(hold.deadline(200)).toBe(100 + HOLD_MS);
    expect(hold.limit(100 + HOLD_MS)).toBe(Number.POSITIVE_INFINITY);
    expect(hold.deadline(100 + HOLD_MS)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is counted once: a link that comes and goes does not hold the shell anew', () => {
    const hold = createHold();
    hold.clientLost(5000, 0);
    hold.linkLost(7000, 0);
    hold.granted(false);
    expect(hold.limit(1)).toBe(5000);
    hold.linkLost(9000, 30_000);
    expect(hold.limit(59_999)).toBe(5000);
    expect(hold.limit(HOLD_MS)).toBe(9000);
    expect(hold.deadline(HOLD_MS)).toBe(30_000 + HOLD_MS);
  });

  it('is over when a client is there again', () => {
    const hold = createHold();
    hold.clientLost(5000, 0);
    hold.granted(true);
    expect(hold.limit(1)).toBe(Number.POSITIVE_INFINITY);
  });
});
