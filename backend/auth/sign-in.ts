/** A sign-in, the `sid` of tokens: begun with the accounts it has proven, ended by signing out. */
import type { Visitor } from '../gateway/caller.ts';
import type { Source } from '../../protocol/api/values.ts';
import type { Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { userShape, type AccountRow } from './accounts.ts';
import type { Person } from './tokens.ts';

/** How long an ended or expired sign-in is still known. */
const KEPT_MS = 30 * 24 * 3_600_000;

interface Begun {
  readonly sid: string;
  readonly visitor: Visitor;
  readonly now: number;
  readonly lifetimeMs: number;
}

export async function beginSignIn(
  tx: Writes<Tables>,
  accounts: readonly { readonly id: string }[],
  { sid, visitor, now, lifetimeMs }: Begun,
): Promise<void> {
  const signIn = {
    id: sid,
    source: visitor.source,
    ip_address: visitor.address,
    user_agent: visitor.userAgent,
    created_at: at(now),
    expires_at: at(now + lifetimeMs),
  };
  await tx.insertInto('sign_ins').values(signIn).execute();
  const proven = accounts.map(({ id }) => ({ sign_in_id: sid, user_id: id }));
  await tx.insertInto('sign_in_accounts').values(proven).execute();
}

/** Their accounts' rows go with them. */
export async function forgetOldSignIns(tx: Writes<Tables>, now: number): Promise<void> {
  await tx
    .deleteFrom('sign_ins')
    .where('expires_at', '<', at(now - KEPT_MS))
    .execute();
}

/** What a token of this sign-in says of its bearer. */
export function bearer(
  account: AccountRow & { readonly groups: readonly string[] },
  source: Source,
  sid: string,
): Person {
  const { id, username, email, tenant_id, tenant_name, role, machine_role, groups } = userShape(account, account);
  return { user_id: id, username, email, tenant_id, tenant_name, role, machine_role, groups, source, sid };
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
