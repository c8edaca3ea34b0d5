import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { moved } from './list-keys.ts';

describe('moving in a list by keyboard', () => {
  it('goes one row, one page, to the start and to the end', () => {
    expect(moved('ArrowDown', 3, 10, 4)).toBe(4);
    expect(moved('PageDown', 3, 10, 4)).toBe(7);
    expect(moved('Home', 3, 10, 4)).toBe(0);
    expect(moved('End', 3, 10, 4)).toBe(9);
  });
  it('starts at the first row when nothing had the focus yet', () => {
    expect(moved('ArrowDown', -1, 10, 4)).toBe(0);
  });
  it('does not move for other keys, nor in an empty list', () => {
    expect(moved('a', 3, 10, 4)).toBeNull();
    expect(moved('ArrowDown', -1, 0, 4)).toBeNull();
  });
  it('never leaves the list', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'),
        fc.integer({ min: -1, max: 20_000 }),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 100 }),
        (key, at, count, page) => {
          const to = moved(key, Math.min(at, count - 1), count, page);
          return to !== null && to >= 0 && to < count;
        },
      ),
    );
  });
});
