/** A value that changes, with those who watch it. A watcher gets the present value first, then each change. */

export interface Watched<T> {
  readonly value: T;
  /** Ends with the signal. */
  watch(listener: (value: T) => void, signal: AbortSignal): void;
}
export interface Variable<T> extends Watched<T> {
  set(value: T): void;
}

export function variable<T>(initial: T): Variable<T> {
  let value = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get value() {
      return value;
    },
    set(next) {
      value = next;
      for (const listener of listeners) listener(next);
    },
    watch(listener, signal) {
      if (signal.aborted) return;
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
      listener(value);
    },
  };
}
