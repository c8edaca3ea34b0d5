/**
 * What the window remembers of itself: where tabs and splits are, the machine list, favourites and recents. Loaded once, saved a
 * moment after each change.
 */
import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';

const RECENTS = 8;
const SAVE_AFTER_MS = 400;

/** One machine of one account. */
const machineRef = z.object({ account: z.string(), agent_id: z.string() });
export type MachineRef = z.infer<typeof machineRef>;

const sidebar = z.object({
  open: z.boolean(),
  width: z.number().min(180).max(480),
  /** Groups that are folded, by their key. */
  folded: z.array(z.string()),
  byTag: z.boolean(),
});
const saved = z.object({
  version: z.literal(1),
  /** The dock's own form, which the dock checks. */
  dock: z.unknown(),
  sidebar,
  favourites: z.array(machineRef),
  recents: z.array(machineRef),
});
export type Saved = z.infer<typeof saved>;
export type Sidebar = z.infer<typeof sidebar>;

export interface Layout extends Saved {
  readonly loaded: boolean;
}
export interface LayoutStore extends StoreApi<Layout> {
  /** Saves now what was not saved yet. */
  flush(): void;
}

export const initialLayout: Layout = {
  loaded: false,
  version: 1,
  dock: null,
  sidebar: { open: true, width: 248, folded: [], byTag: false },
  favourites: [],
  recents: [],
};

const same = (a: MachineRef, b: MachineRef) => a.account === b.account && a.agent_id === b.agent_id;

/** A layout that cannot be read is as good as none: the window starts empty, and nothing else is lost with it. */
export function parsed(text: string | null): Layout {
  try {
    const result = saved.safeParse(text === null ? null : JSON.parse(text));
    return { ...(result.success ? result.data : initialLayout), loaded: true };
  } catch {
    return { ...initialLayout, loaded: true };
  }
}

export const isFavourite = (state: Layout, ref: MachineRef): boolean =>
  state.favourites.some((each) => same(each, ref));

export const favouriteToggled = (state: Layout, ref: MachineRef): Partial<Layout> => ({
  favourites: isFavourite(state, ref)
    ? state.favourites.filter((each) => !same(each, ref))
    : [...state.favourites, ref],
});

/** Puts a machine that was just opened first. */
export const recentAdded = (state: Layout, ref: MachineRef): Partial<Layout> => ({
  recents: [ref, ...state.recents.filter((each) => !same(each, ref))].slice(0, RECENTS),
});

export const sidebarChanged = (state: Layout, change: Partial<Sidebar>): Partial<Layout> => ({
  sidebar: { ...state.sidebar, ...change },
});

export const foldToggled = ({ sidebar: { folded } }: Layout, group: string): Partial<Sidebar> => ({
  folded: folded.includes(group) ? folded.filter((each) => each !== group) : [...folded, group],
});

const textOf = ({ version, dock, sidebar: list, favourites, recents }: Layout) =>
  JSON.stringify({ version, dock, sidebar: list, favourites, recents });

export function createLayoutStore(bridge: Pick<Bridge, 'call'>, signal: AbortSignal): LayoutStore {
  const store = createStore(() => initialLayout);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastSaved = '';
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const layout = textOf(store.getState());
    if (layout === lastSaved) return;
    lastSaved = layout;
    void bridge.call('layout.save', { layout });
  };
  const flush = () => (timer === undefined ? undefined : save());
  const load = async () => {
    const result = await bridge.call('layout.load', null);
    if (signal.aborted) return;
    store.setState(parsed(result.ok ? result.value : null));
    lastSaved = textOf(store.getState());
    const stop = store.subscribe(() => {
      timer ??= setTimeout(save, SAVE_AFTER_MS);
    });
    signal.addEventListener(
      'abort',
      () => {
        stop();
        flush();
      },
      { once: true },
    );
  };
  void load();
  return { ...store, flush };
}
