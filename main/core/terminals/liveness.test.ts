/** Liveness: "attached" is never only a word. */
import { describe, expect, it } from 'vitest';
import { createLiveness } from './liveness.ts';

function attached() {
  const liveness = createLiveness();
  liveness.asked(0);
  liveness.attached(40);
  return liveness;
}

describe('liveness', () => {
  it('measures the round trip of an attach and of each probe', () => {
    const liveness = createLiveness();
    liveness.asked(0);
    expect(liveness.attached(40)).toBe(40);
    expect(liveness.due(3040, true)).toBe('probe');
    expect(liveness.probed(3065)).toBe(25);
    expect(liveness.probed(3070)).toBeNull();
    expect(liveness.deadline(true)).toBe(6040);
  });

  it('shows within seconds that a stream that looks attached is dead, then asks anew', () => {
    const liveness = attached();
    liveness.due(3040, true);
    expect(liveness.due(7039, true)).toBeNull();
    expect(liveness.due(7040, true)).toBe('stalled');
    expect(liveness.due(13_039, true)).toBeNull();
    expect(liveness.due(13_040, true)).toBe('attach');
  });

  it('takes any byte of the session for life', () => {
    const liveness = attached();
    liveness.due(3040, true);
    liveness.heard(6000);
    expect(liveness.due(9999, true)).toBeNull();
    expect(liveness.due(10_000, true)).toBe('stalled');
    liveness.heard(11_000);
    expect(liveness.stalled).toBe(false);
  });

  it('says so when an attach is not answered, and then gives the socket up', () => {
    const liveness = createLiveness();
    liveness.asked(0);
    expect(liveness.due(4000, false)).toBe('stalled');
    expect(liveness.due(9999, false)).toBeNull();
    expect(liveness.due(10_000, false)).toBe('redial');
    expect(liveness.deadline(true)).toBe(Number.POSITIVE_INFINITY);
  });

  it('waits for a machine that is away, and asks again now and then', () => {
    const liveness = createLiveness();
    liveness.asked(0);
    liveness.waiting(10);
    expect(liveness.due(30_009, true)).toBeNull();
    expect(liveness.due(30_010, true)).toBe('again');
  });

  it('owes nothing while nobody looks and nothing is kept', () => {
    expect(attached().deadline(false)).toBe(Number.POSITIVE_INFINITY);
  });
});
