import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFakeBridge, succeeds, type FakeBridge } from '../testing/fake-bridge.ts';
import {
  createLayoutStore,
  favouriteToggled,
  initialLayout,
  isFavourite,
  parsed,
  recentAdded,
  sidebarChanged,
} from './layout.ts';

const ref = (n: number) => ({ account: 'acme', agent_id: `m${n}` });

describe('a remembered layout', () => {
  it('comes back as it was saved', () => {
    const saved = { ...initialLayout, dock: { grid: 1 }, favourites: [ref(1)] };
    expect(parsed(JSON.stringify(saved))).toMatchObject({ loaded: true, dock: { grid: 1 }, favourites: [ref(1)] });
  });
  it.each([
    ['nothing', null],
    ['broken JSON', '{"version":1'],
    ['another form', '{"version":9}'],
  ])('is the initial one when there is %s', (_, text) =>
    expect(parsed(text)).toEqual({ ...initialLayout, loaded: true }),
  );
});

describe('favourites and recents', () => {
  it('are toggled per machine of an account', () => {
    const once = { ...initialLayout, ...favouriteToggled(initialLayout, ref(1)) };
    expect(isFavourite(once, ref(1))).toBe(true);
    expect(isFavourite(once, { ...ref(1), account: 'lab' })).toBe(false);
    expect(favouriteToggled(once, ref(1))).toEqual({ favourites: [] });
  });
  it('have the last opened machine first, once, and few', () => {
    let layout = initialLayout;
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 2]) layout = { ...layout, ...recentAdded(layout, ref(n)) };
    expect(layout.recents[0]).toEqual(ref(2));
    expect(layout.recents).toHaveLength(8);
    expect(layout.recents.filter(({ agent_id }) => agent_id === 'm2')).toHaveLength(1);
  });
});

describe('saving the layout', () => {
  let bridge: FakeBridge;
  let ending: AbortController;
  const savedTexts = () => bridge.asked.filter(({ name }) => name === 'layout.save').map(({ input }) => input);
  beforeEach(() => {
    vi.useFakeTimers();
    bridge = createFakeBridge();
    bridge.answer('layout.load', () => succeeds(null));
    bridge.answer('layout.save', () => succeeds(null));
    ending = new AbortController();
  });
  afterEach(() => {
    ending.abort();
    vi.useRealTimers();
  });
  const loaded = async () => {
    const store = createLayoutStore(bridge, ending.signal);
    await vi.waitFor(() => expect(store.getState().loaded).toBe(true));
    return store;
  };

  it('happens once for many changes in a row', async () => {
    const store = await loaded();
    for (const width of [200, 210, 220]) store.setState((state) => sidebarChanged(state, { width }));
    expect(savedTexts()).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(savedTexts()).toHaveLength(1);
    expect(JSON.stringify(savedTexts()[0])).toContain(String.raw`\"width\":220`);
  });
  it('happens at once when the window goes away', async () => {
    const store = await loaded();
    store.setState((state) => sidebarChanged(state, { open: false }));
    store.flush();
    expect(savedTexts()).toHaveLength(1);
  });
  it('does not happen when nothing changed in the end', async () => {
    const store = await loaded();
    store.setState((state) => sidebarChanged(state, { open: false }));
    store.setState((state) => sidebarChanged(state, { open: true }));
    vi.advanceTimersByTime(1000);
    expect(savedTexts()).toEqual([]);
  });
  it('never overwrites what was kept before it was read', () => {
    const store = createLayoutStore(bridge, ending.signal);
    store.setState((state) => sidebarChanged(state, { open: false }));
    vi.advanceTimersByTime(1000);
    expect(savedTexts()).toEqual([]);
  });
});
