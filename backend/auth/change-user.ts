/** What an admin changes of a user, and what has to end then. */
import type { Input, Outcome, Refusal } from '../../protocol/api/row.ts';
import { isPortalRole, type users } from '../../protocol/api/users.ts';
import type { Bus } from '../bus/bus.ts';
import type { Member } from '../gateway/caller.ts';
import type { Refused, Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { isLast, lockAdmins, roleRefusal } from './admins.ts';
import { readMember, type UserRow } from './member-shape.ts';
import { NO_SUCH_GROUP, setGroups } from './membership.ts';

export interface ChangeUserParts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
}
type Update = (typeof users)['update'];
type Change = Input<Update>['body'];

export async function updateUser(
  parts: ChangeUserParts,
  { params, body }: Input<Update>,
  caller: Member,
): Promise<Outcome<Update>> {
  const changed = await change(parts, params.id, body, caller);
  if (changed) return changed;
  const user = await readMember(caller.read, params.id);
  return user ? { status: 200, body: { user } } : NOT_FOUND;
}

type SetRoles = (typeof users)['setRoles'];
/** One portal role and one machine role, as the row's schema has it. */
export async function setRoles(
  parts: ChangeUserParts,
  { params, body }: Input<SetRoles>,
  caller: Member,
): Promise<Outcome<SetRoles>> {
  const wanted: Change = {};
  for (const name of body.roles) {
    if (isPortalRole(name)) wanted.role = name;
    else wanted.machine_role = name;
  }
  return (await change(parts, params.id, wanted, caller)) ?? { status: 200, body: { message: 'Roles changed' } };
}

const NOT_FOUND: Refused = { refuse: { code: 'not-found' } };

/** Null: it is done. */
async function change(parts: ChangeUserParts, id: string, wanted: Change, caller: Member): Promise<Refused | null> {
  const at = new Date(parts.now()).toISOString();
  const written = await caller.write(async (tx) => {
    const before = await tx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
    if (!before) return NOT_FOUND;
    const refusal = await refusalOf(tx, before, wanted, caller);
    if (refusal) return { refuse: refusal };
    const after = columns(before, wanted, at);
    await tx.updateTable('users').set(after).where('id', '=', id).execute();
    const { groups } = wanted;
    if (groups && !(await setGroups(tx, { userId: id, groups, addedBy: caller.account.id, at }))) return NO_SUCH_GROUP;
    const detail = { username: before.username, ...wanted };
    return { value: { before, after }, audit: { action: 'user_updated', resource: id, detail } };
  });
  if ('refuse' in written) return written;
  const { before, after } = written.value;
  const whose = { organizationId: caller.organization.id, userId: id };
  if (before.disabled_at === null && after.disabled_at !== null) parts.bus.publish('user.disabled', whose);
  if (before.role !== after.role || before.machine_role !== after.machine_role) {
    parts.bus.publish('role.changed', whose);
  }
  if (wanted.groups) parts.bus.publish('access.changed', whose);
  return null;
}

async function refusalOf(
  tx: Writes<TenantTables>,
  before: UserRow,
  wanted: Change,
  { account, organization }: Member,
): Promise<Refusal | null> {
  const { role = before.role } = wanted;
  const notGiven = role === before.role ? null : roleRefusal(account.role, role, organization.id);
  if (notGiven) return notGiven;
  const isLess = before.role !== 'user' && (role === 'user' || wanted.enabled === false);
  if (isLess && isLast(before.id, await lockAdmins(tx))) return { code: 'last-admin' };
  return wanted.enabled === false && before.id === account.id ? { code: 'not-yourself' } : null;
}

function columns(before: UserRow, wanted: Change, at: string) {
  return {
    first_name: wanted.first_name ?? before.first_name,
    last_name: wanted.last_name ?? before.last_name,
    role: wanted.role ?? before.role,
    machine_role: wanted.machine_role ?? before.machine_role,
    ...standing(before, wanted.enabled, at),
  };
}

/** Enabling starts the count of idle days anew, and is the end of the sign-ins from before. */
function standing(
  before: UserRow,
  enabled: boolean | undefined,
  at: string,
): Pick<UserRow, 'disabled_at' | 'enabled_at'> {
  const { disabled_at, enabled_at } = before;
  if (enabled === undefined || enabled === (disabled_at === null)) return { disabled_at, enabled_at };
  return enabled ? { disabled_at: null, enabled_at: at } : { disabled_at: at, enabled_at };
}
