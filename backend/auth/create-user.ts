/** A user that an admin makes. */
import type { Input, Outcome } from '../../protocol/api/row.ts';
import type { users } from '../../protocol/api/users.ts';
import type { Member } from '../gateway/caller.ts';
import type { OrganizationStore, Refused, Store, Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { roleRefusal } from './admins.ts';
import { readMember } from './member-shape.ts';
import { NO_SUCH_GROUP, setGroups } from './membership.ts';
import { accountRow } from './new-account.ts';
import type { Passwords } from './passwords.ts';

export interface CreateUserParts {
  readonly store: Pick<Store, 'platform' | 'organization'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly now: () => number;
  readonly newObjectId: () => string;
}
type Create = (typeof users)['create'];

export async function createUser(
  parts: CreateUserParts,
  { body }: Input<Create>,
  caller: Member,
): Promise<Outcome<Create>> {
  const organization = await organizationFor(parts.store, body.tenant_id, caller);
  if ('refuse' in organization) return organization;
  const { role = 'user', machine_role: machineRole = 'non-sudo', groups = [] } = body;
  const refusal = roleRefusal(caller.account.role, role, organization.id);
  if (refusal) return { refuse: refusal };
  const hashed = await parts.passwords.hash(body);
  if (!hashed.ok) return { refuse: { code: 'slow-down', retryAfterS: 1 } };

  const row = accountRow(
    {
      username: body.username,
      email: body.email,
      firstName: body.first_name,
      lastName: body.last_name,
      passwordHash: hashed.hash,
      role,
      machineRole,
    },
    parts,
  );
  const written = await organization.write(caller.actor, async (tx) => {
    const made = await tx
      .insertInto('users')
      .values(row)
      .onConflict((on) => on.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows === 0n) return taken(tx, body.email);
    const isIn = await setGroups(tx, { userId: row.id, groups, addedBy: caller.account.id, at: row.created_at });
    if (!isIn) return NO_SUCH_GROUP;
    const detail = { username: body.username, role, machine_role: machineRole, groups };
    return { value: null, audit: { action: 'user_created', resource: row.id, detail } };
  });
  if ('refuse' in written) return written;
  const user = await readMember(organization.read, row.id);
  return user ? { status: 201, body: { user } } : { refuse: { code: 'not-found' } };
}

/** The organization the caller acts in, or, of a super admin, the one it names. */
async function organizationFor(
  store: CreateUserParts['store'],
  tenantId: string | undefined,
  { account, organization }: Member,
): Promise<OrganizationStore | Refused> {
  if (tenantId === undefined || tenantId === account.tenantId) return organization;
  if (account.role !== 'super_admin') return { refuse: { code: 'role-too-low' } };
  const found = await store.platform.read
    .selectFrom('organizations')
    .select('id')
    .where('slug', '=', tenantId)
    .executeTakeFirst();
  return found ? store.organization(found.id) : { refuse: { code: 'not-found' } };
}

/** A user name is taken on the whole platform, an email in its organization. */
async function taken(tx: Writes<TenantTables>, email: string): Promise<Refused> {
  const known = await tx.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst();
  return { refuse: { code: known ? 'email-taken' : 'username-taken' } };
}
