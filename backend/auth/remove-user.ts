/** Deleting a user. Its machines are not: they go to an admin. */
import type { Input, Outcome } from '../../protocol/api/row.ts';
import type { users } from '../../protocol/api/users.ts';
import type { Bus } from '../bus/bus.ts';
import type { Member } from '../gateway/caller.ts';
import type { Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { isLast, lockAdmins } from './admins.ts';

type Remove = (typeof users)['remove'];

export async function removeUser(
  { bus }: { readonly bus: Pick<Bus, 'publish'> },
  { params }: Input<Remove>,
  caller: Member,
): Promise<Outcome<Remove>> {
  const { id } = params;
  if (id === caller.account.id) return { refuse: { code: 'not-yourself' } };
  const written = await caller.write(async (tx) => {
    const user = await tx.selectFrom('users').select('username').where('id', '=', id).executeTakeFirst();
    if (!user) return { refuse: { code: 'not-found' } };
    const admins = await lockAdmins(tx);
    if (isLast(id, admins)) return { refuse: { code: 'last-admin' } };
    const heir = heirOf(id, admins, caller);
    const machines = await handOver(tx, id, heir);
    if (!machines) return { refuse: { code: 'last-admin' } };
    await tx.deleteFrom('users').where('id', '=', id).execute();
    const detail = { username: user.username, machines, machines_to: machines.length > 0 ? heir : null };
    return { value: machines, audit: { action: 'user_deleted', resource: id, detail } };
  });
  if ('refuse' in written) return written;
  const organizationId = caller.organization.id;
  bus.publish('user.disabled', { organizationId, userId: id });
  for (const agentId of written.value) bus.publish('machine.changed', { organizationId, agentId });
  return { status: 200, body: { message: 'User deleted' } };
}

/** Whoever deletes it; a super admin is not of the organization, so then the admin who is longest there. */
function heirOf(id: string, admins: readonly string[], { account, home, organization }: Member): string | null {
  if (home.id === organization.id) return account.id;
  return admins.find((admin) => admin !== id) ?? null;
}

/** Gives the machines' agents. Null: there are some, and nobody to have them. */
async function handOver(tx: Writes<TenantTables>, from: string, to: string | null): Promise<readonly string[] | null> {
  const owned = await tx.selectFrom('machines').select('agent_id').where('owner_id', '=', from).execute();
  if (owned.length === 0) return [];
  if (to === null) return null;
  await tx.updateTable('machines').set({ owner_id: to }).where('owner_id', '=', from).execute();
  return owned.map((machine) => machine.agent_id);
}
