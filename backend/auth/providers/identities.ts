/** Which accounts a person opens by a provider: those linked to it, and those of its email that are linked to nobody there yet. */
import type { Provider } from '../../../protocol/api/values.ts';
import { batchesOf } from '../../store/batches.ts';
import type { PlatformNote, Reads, Writes } from '../../store/store.ts';
import type { Tables } from '../../store/tables.ts';
import type { Visitor } from '../../gateway/caller.ts';
import { accountsByEmail, selectAccounts, type AccountRow } from '../accounts.ts';
import { accountActor } from '../actor.ts';
import type { Identity } from './provider.ts';

export interface Opened {
  readonly linked: readonly AccountRow[];
  /** By its email, this time: to be linked now. */
  readonly unlinked: readonly AccountRow[];
}

export async function openedBy(read: Reads<Tables>, provider: Provider, identity: Identity): Promise<Opened> {
  const { subject, email } = identity;
  const linked = await selectAccounts(read)
    .innerJoin('identities', 'identities.user_id', 'users.id')
    .where('identities.provider', '=', provider)
    .where('identities.subject', '=', subject)
    .execute();
  if (email === null) return { linked, unlinked: [] };
  const taken = await read
    .selectFrom('identities')
    .innerJoin('users', 'users.id', 'identities.user_id')
    .select('users.id')
    .where('identities.provider', '=', provider)
    .where('users.email', '=', email)
    .execute();
  const takenIds = new Set(taken.map(({ id }) => id));
  const ofEmail = await accountsByEmail(read, email);
  return { linked, unlinked: ofEmail.filter(({ id }) => !takenIds.has(id)) };
}

export async function link(
  tx: Writes<Tables>,
  accounts: readonly AccountRow[],
  { provider, subject, now }: { readonly provider: Provider; readonly subject: string; readonly now: number },
): Promise<void> {
  const linked_at = new Date(now).toISOString();
  const rows = accounts.map(({ id, organization_id }) => ({
    provider,
    subject,
    organization_id,
    user_id: id,
    linked_at,
  }));
  for (const batch of batchesOf(rows)) {
    await tx
      .insertInto('identities')
      .values(batch)
      .onConflict((oc) => oc.doNothing())
      .execute();
  }
}

export function linkNote(account: AccountRow, provider: Provider, visitor: Visitor): PlatformNote {
  return {
    action: 'identity_linked',
    resource: account.id,
    detail: { provider },
    organizationId: account.organization_id,
    actor: accountActor(account, visitor),
  };
}
