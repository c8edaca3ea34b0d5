import { describe, expect, it } from 'vitest';
import { fittingColumns, trackOf } from './fit-columns.ts';

const columns = [
  { id: 'name', min: 8, grow: 2, rank: 0 },
  { id: 'tags', min: 6, grow: 1, rank: 2 },
  { id: 'cpu', min: 5, grow: 0, rank: 1 },
];
const ids = (width: number) => fittingColumns(columns, width).map(({ id }) => id);

describe('the columns of a table', () => {
  it('are all there where they fit, in their own order', () => {
    expect(ids(40)).toEqual(['name', 'tags', 'cpu']);
  });
  it('are left out one by one, the least important first, as it gets narrower', () => {
    expect(ids(16)).toEqual(['name', 'cpu']);
    expect(ids(10)).toEqual(['name']);
  });
  it('never all go', () => {
    expect(ids(1)).toEqual(['name']);
  });
  it('grow where they may', () => {
    expect(columns.map(trackOf)).toEqual(['minmax(8rem, 2fr)', 'minmax(6rem, 1fr)', '5rem']);
  });
});
