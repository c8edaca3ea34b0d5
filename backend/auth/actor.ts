/** Who the audit names for a request that has no caller yet: the account that was tried, from where. */
import type { Visitor } from '../gateway/caller.ts';
import type { Actor } from '../store/store.ts';

export function visitorActor({ address, userAgent, source }: Visitor): Actor {
  return { userId: null, username: null, address, userAgent, source };
}

export function accountActor(account: { id: string; username: string }, visitor: Visitor): Actor {
  return { ...visitorActor(visitor), userId: account.id, username: account.username };
}
