/** Age by two clocks: sleep and a changed wall clock make nothing younger. */
import { describe, expect, it } from 'vitest';
import { age } from './moment.ts';

describe('age', () => {
  const then = { monotonic: 1000, wall: 50_000 };
  it('goes on in sleep, when the monotonic clock stands still', () => {
    expect(age(then, { monotonic: 1010, wall: 90_000 })).toBe(40_000);
  });
  it('is not hidden by a wall clock that stands', () => {
    expect(age(then, { monotonic: 9000, wall: 50_000 })).toBe(8000);
  });
  it('counts as old when the wall clock went back', () => {
    expect(age(then, { monotonic: 1010, wall: 49_999 })).toBe(Number.POSITIVE_INFINITY);
  });
});
