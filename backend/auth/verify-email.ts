/** An email that somebody was seen to own: every account of it is theirs from now on. */
import type { Visitor } from '../gateway/caller.ts';
import type { PlatformNote, Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { accountActor } from './actor.ts';

/** Answers what the audit of each organization says of it. */
export async function verifyEmail(
  tx: Writes<Tables>,
  email: string,
  { visitor, now }: { readonly visitor: Visitor; readonly now: number },
): Promise<readonly PlatformNote[]> {
  const verified = await tx
    .updateTable('users')
    .set({ email_verified_at: new Date(now).toISOString() })
    .where('email', '=', email)
    .where('email_verified_at', 'is', null)
    .returning(['id', 'username', 'organization_id'])
    .execute();
  return verified.map((account) => ({
    action: 'email_verified',
    resource: account.id,
    organizationId: account.organization_id,
    actor: accountActor(account, visitor),
  }));
}
