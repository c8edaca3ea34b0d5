/** Accounts that were proven and may not be used all the same: why, to whoever proved them. */
import type { PlatformNote, PlatformStore, Refused, Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { Visitor } from '../gateway/caller.ts';
import type { AccountRow } from './accounts.ts';
import { accountActor } from './actor.ts';
import { standing } from './standing.ts';

interface UnusableParts {
  readonly platform: PlatformStore;
  readonly now: () => number;
}
export type Some<T> = readonly [T, ...T[]];

/** Whoever knows the password, or has the mailbox, may be told why that does not help. */
export async function notUsable(parts: UnusableParts, proven: Some<AccountRow>, visitor: Visitor): Promise<Refused> {
  const reason = (account: AccountRow): string => standing(account, parts.now());
  const refused = (account: AccountRow): PlatformNote => ({
    action: 'login_failed',
    resource: account.id,
    status: 'failure',
    detail: { reason: reason(account) },
    organizationId: account.organization_id,
    actor: accountActor(account, visitor),
  });
  const [first, ...more] = proven;
  await parts.platform.write(async (tx) => {
    for (const account of proven) if (reason(account) === 'idle') await disable(tx, account.id, parts.now());
    return { value: null, audit: refused(first), alsoAudit: more.map(refused) };
  });
  const byOrganization = proven.every((account) => reason(account) === 'organization-disabled');
  return { refuse: { code: byOrganization ? 'organization-disabled' : 'account-disabled' } };
}

async function disable(tx: Writes<Tables>, userId: string, now: number): Promise<void> {
  await tx
    .updateTable('users')
    .set({ disabled_at: new Date(now).toISOString() })
    .where('id', '=', userId)
    .execute();
}
