/** What time alone brings about: each is looked for now and then, by one node of all, and may be done twice without harm. */
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { takeLease } from './lease.ts';

export interface Reconciler {
  readonly name: string;
  readonly everyMs: number;
  /** Stops between two steps when it is aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}
interface Parts {
  readonly store: Pick<Store, 'platform'>;
  readonly log: Pick<Logger, 'error'>;
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** This node. */
  readonly holder: string;
}

/** Until it is disposed of; then what runs has ended too. */
export function startReconcilers(reconcilers: readonly Reconciler[], parts: Parts): AsyncDisposable {
  const ended = new AbortController();
  const running = new Set<Promise<void>>();
  for (const reconciler of reconcilers) {
    const due = (): void => {
      const run = runOnce(reconciler, parts, ended.signal).finally(() => {
        running.delete(run);
        wait(reconciler.everyMs);
      });
      running.add(run);
    };
    const wait = (ms: number): void => {
      if (ended.signal.aborted) return;
      const timer = setTimeout(due, ms).unref();
      ended.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    };
    // Nodes that were started together do not look at the same moment, nor does one for everything at once.
    wait(reconciler.everyMs * parts.random());
  }
  return {
    async [Symbol.asyncDispose]() {
      ended.abort();
      await Promise.all(running);
    },
  };
}

/** The lease is not given back: whoever did it last, it is done once in its time. */
async function runOnce(
  { name, everyMs, run }: Reconciler,
  { store, log, now, holder }: Parts,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (await takeLease(store.platform, { name, holder, now: now(), forMs: everyMs })) await run(signal);
  } catch (error) {
    log.error({ err: error, reconciler: name }, 'a reconciler failed; it is tried again');
  }
}
