/** Which of its faces a list shows: still coming, failed, live, or last known. Pure. */
import type { Account } from '../../protocol/bridge/events.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import type { KeyedList } from './keyed-list.ts';

export type ListView =
  | { readonly at: 'loading' }
  /** Nothing is known, and nothing can be asked now. */
  | { readonly at: 'failed'; readonly why: Failure | null }
  | { readonly at: 'live' }
  /** What is shown is from `asOf`. */
  | { readonly at: 'stale'; readonly asOf: string | null; readonly why: Failure | null };

const isCutOff = (account: Account | undefined) => account?.state === 'offline' || account?.state === 'expired';

export function listView(list: KeyedList<unknown>, account: Account | undefined): ListView {
  const why = account?.failure ?? null;
  if (!isCutOff(account) && list.load !== 'stale') return { at: list.load };
  if (list.asOf === null && list.order.length === 0) return { at: 'failed', why };
  return { at: 'stale', asOf: list.asOf, why };
}
