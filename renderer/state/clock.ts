/** The time that "3 min ago" is counted from: one clock for the whole window. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Clock {
  /** Milliseconds since the epoch, at the last tick. */
  readonly now: number;
}
export type ClockStore = StoreApi<Clock>;

const TICK_MS = 1000;

export function createClock(now: () => number, signal: AbortSignal): ClockStore {
  const store = createStore<Clock>(() => ({ now: now() }));
  const timer = setInterval(() => store.setState({ now: now() }), TICK_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return store;
}
