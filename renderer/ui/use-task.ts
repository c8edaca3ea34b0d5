/** Something one starts that may fail: whether it runs, and how it failed last. */
import { useCallback, useEffect, useRef, useState } from 'react';

type Outcome<T, F> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: F };

export interface Task<F> {
  readonly busy: boolean;
  readonly failure: F | null;
  /** Starts it; `done` gets the value when it went well and whoever asked is still there. */
  run<T>(start: () => Promise<Outcome<T, F>>, done?: (value: T) => void): void;
  /** Forgets the failure. */
  reset(): void;
}

export function useTask<F>(): Task<F> {
  const [state, setState] = useState<{ busy: boolean; failure: F | null }>({ busy: false, failure: null });
  /** Counts starts, so that only the latest one is shown; 0 once whoever asked is gone. */
  const latest = useRef(1);
  useEffect(() => {
    latest.current = 1;
    return () => {
      latest.current = 0;
    };
  }, []);
  const run = useCallback(<T>(start: () => Promise<Outcome<T, F>>, done?: (value: T) => void) => {
    latest.current += 1;
    const mine = latest.current;
    setState({ busy: true, failure: null });
    const settle = async () => {
      const outcome = await start();
      if (latest.current !== mine) return;
      setState({ busy: false, failure: outcome.ok ? null : outcome.failure });
      if (outcome.ok) done?.(outcome.value);
    };
    void settle();
  }, []);
  const reset = useCallback(() => setState({ busy: false, failure: null }), []);
  return { ...state, run, reset };
}
