/** A sign-in, the `sid` of tokens: begun with the accounts it has proven, ended by signing out. */
import type { Visitor } from '../gateway/caller.ts';
import type { Source } from '../../protocol/api/values.ts';
import { batchesOf } from '../store/batches.ts';
import type { Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { userShape, type AccountRow, type Place, type Shown } from './accounts.ts';
import type { Person } from './tokens.ts';

/** How long an ended or expired sign-in is still known. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** How long somebody has to choose an organization, or to type a code. */
export const WAIT_MS = 10 * 60_000;

export type Proof = Tables['sign_ins']['proof'];
interface Begun {
  readonly sid: string;
  readonly visitor: Visitor;
  readonly proof: Proof;
  readonly now: number;
}

/** Without a token yet. */
export async function beginSignIn(
  tx: Writes<Tables>,
  accounts: readonly { readonly id: string }[],
  { sid, visitor, proof, now }: Begun,
): Promise<void> {
  const signIn = {
    id: sid,
    source: visitor.source,
    ip_address: visitor.address,
    user_agent: visitor.userAgent,
    created_at: at(now),
    expires_at: at(now + WAIT_MS),
    proof,
  };
  await tx.insertInto('sign_ins').values(signIn).execute();
  await addProven(tx, sid, accounts);
}

export async function addProven(
  tx: Writes<Tables>,
  sid: string,
  accounts: readonly { readonly id: string }[],
): Promise<void> {
  const proven = accounts.map(({ id }) => ({ sign_in_id: sid, user_id: id }));
  for (const batch of batchesOf(proven)) {
    await tx
      .insertInto('sign_in_accounts')
      .values(batch)
      .onConflict((oc) => oc.doNothing())
      .execute();
  }
}

/** It has a token until then. */
export async function signedInUntil(tx: Writes<Tables>, sid: string, until: number): Promise<void> {
  await tx
    .updateTable('sign_ins')
    .set({ expires_at: at(until) })
    .where('id', '=', sid)
    .execute();
}

/** Until then, where it has no token that serves longer. */
export async function waitLonger(tx: Writes<Tables>, sid: string, until: number): Promise<void> {
  await tx
    .updateTable('sign_ins')
    .set({ expires_at: at(until) })
    .where('id', '=', sid)
    .where('expires_at', '<', at(until))
    .execute();
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
  account: Shown & Place & Pick<AccountRow, 'organization_id'>,
  source: Source,
  sid: string,
): Person {
  const { id, username, email, tenant_id, tenant_name, role, machine_role, groups } = userShape(account, account);
  const { organization_id } = account;
  return {
    user_id: id,
    username,
    email,
    tenant_id,
    tenant_name,
    organization_id,
    role,
    machine_role,
    groups,
    source,
    sid,
  };
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
