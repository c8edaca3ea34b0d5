import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFeed, type Change } from './feed.ts';

interface Item {
  readonly id: string;
  readonly load?: number;
}
const live = { load: 'live', as_of: 'noon' } as const;

describe('a feed', () => {
  const stop = new AbortController();
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const follow = () => {
    const feed = createFeed<Item>((item) => item.id, stop.signal);
    const changes: Change<Item>[] = [];
    const watching = new AbortController();
    feed.watch((change) => changes.push(change), watching.signal);
    return { feed, changes, watching };
  };

  it('tells the present state first, also that nothing is known yet', () => {
    const { changes } = follow();
    expect(changes).toEqual([{ load: 'loading', as_of: null, replace: true, changed: [], removed: [] }]);
  });

  it('tells many changes as one, each thing once and as it is now', () => {
    const { feed, changes } = follow();
    feed.replace([{ id: 'a' }, { id: 'b' }], live);
    for (let load = 0; load < 50; load += 1) feed.apply([{ id: 'a', load }], [], 'later');
    feed.apply([{ id: 'c' }], ['b'], 'later');
    feed.apply([], ['c'], 'latest');
    vi.advanceTimersByTime(1000);
    expect(changes.slice(1)).toEqual([
      { ...live, replace: true, changed: [{ id: 'a' }, { id: 'b' }], removed: [] },
      { load: 'live', as_of: 'latest', replace: false, changed: [{ id: 'a', load: 49 }], removed: ['b', 'c'] },
    ]);
  });

  it('goes stale with what it knows, once', () => {
    const { feed, changes } = follow();
    feed.replace([{ id: 'a' }], live);
    vi.advanceTimersByTime(1000);
    feed.stale();
    feed.stale();
    vi.advanceTimersByTime(1000);
    expect(changes.slice(2)).toEqual([{ load: 'stale', as_of: 'noon', replace: false, changed: [], removed: [] }]);
    expect(feed.all()).toEqual([{ id: 'a' }]);
  });

  it('gives whoever comes later everything at once', () => {
    const { feed } = follow();
    feed.replace([{ id: 'a' }], live);
    feed.apply([{ id: 'b' }], [], 'later');
    const late: Change<Item>[] = [];
    feed.watch((change) => late.push(change), stop.signal);
    expect(late).toEqual([
      { load: 'live', as_of: 'later', replace: true, changed: [{ id: 'a' }, { id: 'b' }], removed: [] },
    ]);
  });

  it('tells nothing more to who left', () => {
    const { feed, changes, watching } = follow();
    watching.abort();
    feed.replace([{ id: 'a' }], live);
    vi.advanceTimersByTime(1000);
    expect(changes.length).toBe(1);
  });
});
