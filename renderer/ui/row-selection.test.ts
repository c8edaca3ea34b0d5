import { describe, expect, it } from 'vitest';
import { allToggled, extended, nothingSelected, toggled } from './row-selection.ts';

const order = ['a', 'b', 'c', 'd'];
const keys = (selection: { keys: ReadonlySet<string> }) => [...selection.keys].toSorted();

describe('ticking rows', () => {
  it('ticks a row and takes the tick away again', () => {
    const once = toggled(nothingSelected, 'b');
    expect(keys(once)).toEqual(['b']);
    expect(keys(toggled(once, 'b'))).toEqual([]);
  });
  it('ticks a whole range with Shift, in either direction', () => {
    expect(keys(extended(toggled(nothingSelected, 'b'), 'd', order))).toEqual(['b', 'c', 'd']);
    expect(keys(extended(toggled(nothingSelected, 'd'), 'b', order))).toEqual(['b', 'c', 'd']);
  });
  it('ticks the one row when the start of the range was filtered away', () => {
    expect(keys(extended(toggled(nothingSelected, 'gone'), 'c', order))).toEqual(['c', 'gone']);
  });
  it('ticks all, then none', () => {
    const all = allToggled(toggled(nothingSelected, 'a'), order);
    expect(keys(all)).toEqual(order);
    expect(keys(allToggled(all, order))).toEqual([]);
  });
});
