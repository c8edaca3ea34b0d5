/** Writing: one transaction at a time, committed with its audit entries or not at all. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, Transaction } from 'kysely';
import type { Refusal } from '../../protocol/api/row.ts';
import { appendAudit } from './audit.ts';
import type { PlatformNote, Work, Written } from './store.ts';
import type { Tables } from './tables.ts';

export interface Transactions {
  readonly audited: <T>(work: Work<Transaction<Tables>, T, PlatformNote>) => Promise<Written<T>>;
  readonly plain: <T>(work: (tx: Transaction<Tables>) => Promise<T>) => Promise<T>;
}

interface Parts {
  readonly writer: Kysely<Tables>;
  readonly now: () => number;
  readonly newObjectId: () => string;
}

export function createTransactions({ writer, now, newObjectId }: Parts): Transactions {
  const inside = new AsyncLocalStorage<true>();
  const plain: Transactions['plain'] = (work) => {
    // It would wait for itself for ever: the outer one holds the only connection that writes.
    if (inside.getStore()) throw new Error('a write was started inside another: use the tx it was handed');
    return inside.run(true, () => writer.transaction().execute(work));
  };
  const append = (tx: Transaction<Tables>, note: PlatformNote): Promise<void> =>
    appendAudit(tx, note, { id: newObjectId(), at: new Date(now()).toISOString() });

  return {
    plain,
    async audited(work) {
      try {
        return await plain(async (tx) => {
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
