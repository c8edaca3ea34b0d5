/** Writing: in order, committed with its audit entries or not at all. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Transaction } from 'kysely';
import type { Refusal } from '../../protocol/api/row.ts';
import { appendAudit } from './audit.ts';
import type { Engine, Scope } from './engine.ts';
import type { PlatformNote, Work, Written } from './store.ts';
import type { Tables } from './tables.ts';

export interface Transactions {
  readonly audited: <T>(scope: Scope, work: Work<Transaction<Tables>, T, PlatformNote>) => Promise<Written<T>>;
  readonly plain: <T>(scope: Scope, work: (tx: Transaction<Tables>) => Promise<T>) => Promise<T>;
}

interface Parts extends Pick<Engine, 'write'> {
  readonly now: () => number;
  readonly newObjectId: () => string;
}

export function createTransactions({ write, now, newObjectId }: Parts): Transactions {
  const inside = new AsyncLocalStorage<true>();
  let running = 0;
  const plain: Transactions['plain'] = async (scope, work) => {
    // It would wait for itself for ever: the outer one holds what this one needs.
    if (inside.getStore()) throw new Error('a write was started inside another: use the tx it was handed');
    running += 1;
    try {
      return await inside.run(true, () => write(scope, work));
    } finally {
      running -= 1;
      // While it looks, each promise of the process takes longer.
      if (running === 0) inside.disable();
    }
  };
  const append = (tx: Transaction<Tables>, note: PlatformNote): Promise<void> =>
    appendAudit(tx, note, { id: newObjectId(), at: new Date(now()).toISOString() });

  return {
    plain,
    async audited(scope, work) {
      try {
        return await plain(scope, async (tx) => {
          const end = await work(tx);
          if ('refuse' in end) throw new RolledBack(end.refuse);
          await append(tx, end.audit);
          for (const note of end.alsoAudit ?? []) await append(tx, note);
          return { value: end.value };
        });
      } catch (error) {
        if (error instanceof RolledBack) return { refuse: error.refusal };
        throw error;
      }
    },
  };
}

/** Kysely rolls back only what throws. */
class RolledBack extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}
