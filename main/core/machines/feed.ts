/** A list of things with an id as every window follows it: all of it first, then what changed, a few times a second at most. */
import { coalesced } from '../coalesce.ts';

export interface Freshness {
  /** `stale`: last known, from `as_of`; the server cannot be asked now. */
  readonly load: 'loading' | 'live' | 'stale';
  readonly as_of: string | null;
}
export interface Change<T> extends Freshness {
  /** Throw away what was told before. */
  readonly replace: boolean;
  readonly changed: T[];
  readonly removed: string[];
}
export interface Feed<T> {
  get(id: string): T | undefined;
  all(): T[];
  readonly freshness: Freshness;
  replace(items: readonly T[], freshness: Freshness): void;
  apply(changed: readonly T[], removed: readonly string[], asOf: string): void;
  /** The server cannot be asked any more; what is known stays. */
  stale(): void;
  watch(listener: (change: Change<T>) => void, signal: AbortSignal): void;
}

const TELL_EVERY_MS = 100;

export function createFeed<T>(idOf: (item: T) => string, signal: AbortSignal): Feed<T> {
  const items = new Map<string, T>();
  const listeners = new Set<(change: Change<T>) => void>();
  const changed = new Set<string>();
  const removed = new Set<string>();
  let freshness: Freshness = { load: 'loading', as_of: null };
  let replaced = false;

  const whole = (): Change<T> => ({ ...freshness, replace: true, changed: [...items.values()], removed: [] });
  const difference = (): Change<T> => ({
    ...freshness,
    replace: false,
    changed: [...changed].flatMap((id) => items.get(id) ?? []),
    removed: [...removed],
  });
  const tell = coalesced(
    () => {
      const change = replaced ? whole() : difference();
      replaced = false;
      changed.clear();
      removed.clear();
      for (const listener of listeners) listener(change);
    },
    TELL_EVERY_MS,
    signal,
  );
  const put = (item: T): void => {
    const id = idOf(item);
    items.set(id, item);
    changed.add(id);
    removed.delete(id);
  };
  const take = (id: string): void => {
    if (!items.delete(id)) return;
    changed.delete(id);
    removed.add(id);
  };
  return {
    get: (id) => items.get(id),
    all: () => [...items.values()],
    get freshness() {
      return freshness;
    },
    replace(next, how) {
      items.clear();
      for (const item of next) items.set(idOf(item), item);
      freshness = how;
      replaced = true;
      tell();
    },
    apply(arrived, gone, asOf) {
      for (const item of arrived) put(item);
      for (const id of gone) take(id);
      freshness = { load: 'live', as_of: asOf };
      tell();
    },
    stale() {
      if (freshness.load !== 'live') return;
      freshness = { ...freshness, load: 'stale' };
      tell();
    },
    watch(listener, until) {
      if (until.aborted) return;
      listeners.add(listener);
      until.addEventListener('abort', () => listeners.delete(listener), { once: true });
      listener(whole());
    },
  };
}
