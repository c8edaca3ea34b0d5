/** What an engine gives to the store: a way to write in order, and a connection that can only read. */
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** What a write may touch: one organization, or (null) everything. */
export type Scope = string | null;

export interface Engine extends AsyncDisposable {
  readonly reader: Kysely<Tables>;
  /**
   * One transaction. Until it ends no other one runs whose scope meets its own, of this process or another: what it reads
   * stays true until it commits, as if all of them had run one after another.
   */
  readonly write: <T>(scope: Scope, work: (tx: Transaction<Tables>) => Promise<T>) => Promise<T>;
}
