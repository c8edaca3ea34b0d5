/** Accounts as sign-in sees them, across organizations, and the shapes that answers show of them. */
import type { User } from '../../protocol/api/users.ts';
import type { Tenant } from '../../protocol/api/auth.ts';
import type { Account } from '../gateway/caller.ts';
import { prepared, type ValueOf } from '../store/prepared.ts';
import { KEY_PREFIX } from '../store/secret.ts';
import type { Reads } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

/** With the organization it is in. */
export type AccountRow = Awaited<ReturnType<typeof accountsByEmail>>[number];

/** All of them: whoever left some out would let strangers crowd out others. Those last used come first. */
export async function accountsByEmail(read: Reads<Tables>, email: string) {
  const found = await selectAccounts(read).where('users.email', '=', email).execute();
  return found.toSorted((a, b) => lastUse(b) - lastUse(a));
}

/** Those last used, of all that a sign-in touches: writing to every chain of an email with thousands would hold up all others. */
export const mostTold = <T>(accounts: readonly T[]): readonly T[] => accounts.slice(0, 20);

function lastUse({ last_login_at }: Pick<Tables['users'], 'last_login_at'>): number {
  return last_login_at === null ? 0 : Date.parse(last_login_at);
}

/** Every account this sign-in has proven, those last used first. */
export async function provenAccounts(read: Reads<Tables>, signInId: string) {
  const found = await selectAccounts(read)
    .innerJoin('sign_in_accounts', 'sign_in_accounts.user_id', 'users.id')
    .where('sign_in_accounts.sign_in_id', '=', signInId)
    .execute();
  return found.toSorted((a, b) => lastUse(b) - lastUse(a));
}

export async function accountById(read: Reads<Tables>, userId: string) {
  return selectAccounts(read).where('users.id', '=', userId).executeTakeFirst();
}

/** The account, if this sign-in has proven it. */
export async function provenAccount(read: Reads<Tables>, signInId: string, userId: string) {
  const [found] = await askProvenAccount(read, { signInId, userId });
  return found;
}

/** No password's hash among them: nobody who comes with a token needs it. */
const provenColumns = [
  'users.id',
  'users.organization_id',
  'users.username',
  'users.email',
  'users.first_name',
  'users.last_name',
  'users.role',
  'users.machine_role',
  'users.email_verified_at',
  'users.disabled_at',
  'users.enabled_at',
  'users.last_login_at',
  'users.api_key_last4',
] as const;
const askProvenAccount = prepared((read: Reads<Tables>, value: ValueOf<{ signInId: string; userId: string }>) =>
  accountsWithPlace(read)
    .innerJoin('sign_in_accounts', 'sign_in_accounts.user_id', 'users.id')
    .innerJoin('sign_ins', 'sign_ins.id', 'sign_in_accounts.sign_in_id')
    .select(provenColumns)
    .select(['sign_ins.revoked_at', 'sign_ins.source', 'sign_ins.expires_at', 'sign_ins.created_at as signed_in_at'])
    .where('sign_in_accounts.sign_in_id', '=', value('signInId'))
    .where('users.id', '=', value('userId')),
);

/** It was signed out, or the account was disabled since: once enabled again, it wants a new sign-in. */
export function isOver(account: {
  readonly revoked_at: string | null;
  readonly signed_in_at: string;
  readonly enabled_at: string;
}): boolean {
  return account.revoked_at !== null || account.signed_in_at < account.enabled_at;
}

/** Accounts of everybody, to be narrowed by who asks. */
export function selectAccounts(read: Reads<Tables>) {
  return accountsWithPlace(read).selectAll('users');
}

function accountsWithPlace(read: Reads<Tables>) {
  return read
    .selectFrom('users')
    .innerJoin('organizations', 'organizations.id', 'users.organization_id')
    .select([
      'organizations.slug',
      'organizations.display_name',
      'organizations.disabled_at as organization_disabled_at',
    ]);
}

/** An organization as answers name it. */
export interface Place {
  readonly slug: string;
  readonly display_name: string;
}
type ShownColumns = 'id' | 'username' | 'email' | 'role' | 'machine_role' | keyof Account['profile'];
export type Shown = Pick<Tables['users'], ShownColumns> & { readonly groups: readonly string[] };
/** The user of a login answer. */
export function userShape(row: Shown, organization: Place): User {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    tenant_id: organization.slug,
    tenant_name: organization.display_name,
    role: row.role,
    machine_role: row.machine_role,
    groups: [...row.groups],
    email_verified: row.email_verified_at !== null,
    api_key: maskedKey(row),
  };
}

/** The account as it is in its own organization, or, for a super admin, in another. */
export function tenantShape(row: AccountRow, { slug, display_name }: Place = row): Tenant {
  return { tenant_id: slug, tenant_name: display_name, username: row.username, user_id: row.id };
}

/** The key is stored hashed: its last four are all there is to show. */
export function maskedKey({ api_key_last4 }: Pick<Tables['users'], 'api_key_last4'>): string | null {
  return api_key_last4 === null ? null : `${KEY_PREFIX}${'*'.repeat(12)}${api_key_last4}`;
}
