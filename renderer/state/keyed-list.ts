/**
 * A list that is told as changes, kept by id and in order. A change costs what it touches: values that did not change stay the same
 * objects, and as long as no name does, so does the order.
 */
export interface KeyedList<T> {
  /** `stale`: last known, from `asOf`. */
  readonly load: 'loading' | 'live' | 'stale';
  readonly asOf: string | null;
  readonly byId: ReadonlyMap<string, T>;
  /** All ids, in the list's own order. */
  readonly order: readonly string[];
}

/** As the bridge tells it: `replace` throws away what was known. */
export interface Delta<T> {
  readonly load: KeyedList<T>['load'];
  readonly as_of: string | null;
  readonly replace: boolean;
  readonly changed: readonly T[];
  readonly removed: readonly string[];
}

/** What makes a list of these: their id, and a total order. */
export interface Keying<T> {
  readonly idOf: (item: T) => string;
  readonly compare: (a: T, b: T) => number;
}

const nothing: KeyedList<never> = { load: 'loading', asOf: null, byId: new Map<string, never>(), order: [] };
/** The list before anything was told: always the same one. */
export const unknownList = <T>(): KeyedList<T> => nothing;

/** Joins two lists that are in order into one that is. */
function merged<T>(a: readonly T[], b: readonly T[], compare: Keying<T>['compare']): readonly T[] {
  const all: T[] = [];
  let at = 0;
  for (const item of a) {
    for (let next = b[at]; next !== undefined && compare(next, item) < 0; next = b[at]) {
      all.push(next);
      at += 1;
    }
    all.push(item);
  }
  return [...all, ...b.slice(at)];
}

export function applyDelta<T>(list: KeyedList<T>, delta: Delta<T>, keying: Keying<T>): KeyedList<T> {
  const before = delta.replace ? unknownList<T>() : list;
  const byId = new Map(before.byId);
  const removed = delta.removed.filter((id) => byId.delete(id));
  /** Ids whose place in the order has to be found anew. */
  const moved = new Set<string>();
  for (const item of delta.changed) {
    const id = keying.idOf(item);
    const old = before.byId.get(id);
    if (old === undefined || keying.compare(old, item) !== 0) moved.add(id);
    byId.set(id, item);
  }
  const still = { load: delta.load, asOf: delta.as_of, byId };
  if (removed.length === 0 && moved.size === 0) return { ...still, order: before.order };
  const kept = before.order.flatMap((id) => (moved.has(id) ? [] : (byId.get(id) ?? [])));
  const inserted = [...moved].flatMap((id) => byId.get(id) ?? []).toSorted(keying.compare);
  return { ...still, order: merged(kept, inserted, keying.compare).map(keying.idOf) };
}

/** The items in the list's own order. */
export const inOrder = <T>(list: KeyedList<T>): readonly T[] => list.order.flatMap((id) => list.byId.get(id) ?? []);
