import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDelta, inOrder, unknownList, type Delta, type KeyedList } from './keyed-list.ts';

interface Item {
  readonly id: string;
  readonly name: string;
  readonly load: number;
}
const keying = {
  idOf: (item: Item) => item.id,
  compare: (a: Item, b: Item) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
};
const told = (delta: Partial<Delta<Item>>): Delta<Item> => ({
  load: 'live',
  as_of: null,
  replace: false,
  changed: [],
  removed: [],
  ...delta,
});
const item = (id: string, name = id, load = 0): Item => ({ id, name, load });
const list = (...items: readonly Item[]) =>
  applyDelta(unknownList<Item>(), told({ replace: true, changed: items }), keying);
const names = (of: KeyedList<Item>) => inOrder(of).map((each) => each.name);

describe('a list told as changes', () => {
  it('is in order, whatever order it was told in', () => {
    expect(names(list(item('3', 'c'), item('1', 'a'), item('2', 'b')))).toEqual(['a', 'b', 'c']);
  });
  it('puts a new one and a renamed one in their place', () => {
    const changed = applyDelta(
      list(item('1', 'b'), item('2', 'd')),
      told({ changed: [item('3', 'c'), item('2', 'a')] }),
      keying,
    );
    expect(names(changed)).toEqual(['a', 'b', 'c']);
  });
  it('forgets what was removed, and does not mind what it never knew', () => {
    expect(names(applyDelta(list(item('1'), item('2')), told({ removed: ['1', 'unknown'] }), keying))).toEqual(['2']);
  });
  it('throws away what was known when it is replaced', () => {
    expect(names(applyDelta(list(item('1')), told({ replace: true, changed: [item('2')] }), keying))).toEqual(['2']);
  });
  it('says that it is stale, and since when, and keeps what it knew', () => {
    const stale = applyDelta(list(item('1')), told({ load: 'stale', as_of: '2026-01-01T00:00:00Z' }), keying);
    expect(stale).toMatchObject({ load: 'stale', asOf: '2026-01-01T00:00:00Z' });
    expect(names(stale)).toEqual(['1']);
  });
  it('keeps its order and every untouched item when only a value of ten thousand changes', () => {
    const many = list(
      ...Array.from({ length: 10_000 }, (_, at) => item(`id-${at}`, `machine-${String(at).padStart(5, '0')}`)),
    );
    const after = applyDelta(many, told({ changed: [item('id-7', 'machine-00007', 99)] }), keying);
    expect(after.order).toBe(many.order);
    expect(after.byId.get('id-7')?.load).toBe(99);
    expect(after.byId.get('id-8')).toBe(many.byId.get('id-8'));
  });
  it('is at every moment what one would get by starting anew', () => {
    const items = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        name: fc.constantFrom('x', 'y', 'z'),
        load: fc.nat(9),
      }),
    );
    const delta = fc.record({
      replace: fc.boolean(),
      changed: items,
      removed: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')),
    });
    fc.assert(
      fc.property(fc.array(delta, { maxLength: 12 }), (deltas) => {
        let kept = unknownList<Item>();
        let naive = new Map<string, Item>();
        for (const each of deltas) {
          kept = applyDelta(kept, told(each), keying);
          if (each.replace) naive = new Map();
          for (const id of each.removed) naive.delete(id);
          for (const changed of each.changed) naive.set(changed.id, changed);
          expect(inOrder(kept)).toEqual([...naive.values()].toSorted((a, b) => keying.compare(a, b)));
          expect(kept.order).toHaveLength(kept.byId.size);
        }
      }),
    );
  });
});
