/** Making an organization and the accounts in it: for signing up, and for the commands that make the first ones. */
import type { MachineRole } from '../../protocol/wire/control.ts';
import type { PortalRole } from '../../protocol/api/values.ts';
import { hashSecret, KEY_PREFIX, newSecret } from '../store/secret.ts';
import type { Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

interface MakingParts {
  readonly now: () => number;
  readonly newObjectId: () => string;
}
export interface NewAccount {
  readonly organizationId: string;
  readonly username: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly passwordHash: string;
  readonly role: PortalRole;
  readonly machineRole: MachineRole;
}
export type Made<Code extends string> =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly code: Code };

/** The `tenant_id` of a name: lower case, hyphens for spaces. Null: it holds what an address cannot. */
export function slugOf(name: string): string | null {
  const slug = name.trim().toLowerCase().replaceAll(/\s+/g, '-');
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/.test(slug) ? slug : null;
}

export async function makeOrganization(
  tx: Writes<Tables>,
  { slug, displayName }: { slug: string; displayName: string },
  { now, newObjectId }: MakingParts,
): Promise<Made<'organization-taken'>> {
  const id = newObjectId();
  const made = await tx
    .insertInto('organizations')
    .values({ id, slug, display_name: displayName, created_at: new Date(now()).toISOString() })
    .onConflict((oc) => oc.column('slug').doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n ? { ok: true, id } : { ok: false, code: 'organization-taken' };
}

/** With an API key nobody has seen: regenerating it is how somebody gets one to use. */
export function accountRow(account: Omit<NewAccount, 'organizationId'>, { now, newObjectId }: MakingParts) {
  const at = new Date(now()).toISOString();
  const key = newSecret(KEY_PREFIX);
  return {
    id: newObjectId(),
    username: account.username,
    username_key: account.username.toLowerCase(),
    email: account.email,
    first_name: account.firstName,
    last_name: account.lastName,
    password_hash: account.passwordHash,
    role: account.role,
    machine_role: account.machineRole,
    api_key_hash: hashSecret(key),
    api_key_last4: key.slice(-4),
    enabled_at: at,
    created_at: at,
  };
}

export async function makeAccount(
  tx: Writes<Tables>,
  account: NewAccount,
  parts: MakingParts,
): Promise<Made<'username-taken'>> {
  const row = accountRow(account, parts);
  const made = await tx
    .insertInto('users')
    .values({ ...row, organization_id: account.organizationId })
    .onConflict((oc) => oc.column('username_key').doNothing())
    .executeTakeFirst();
  return made.numInsertedOrUpdatedRows === 1n ? { ok: true, id: row.id } : { ok: false, code: 'username-taken' };
}
