/** Who may use a machine: granted and revoked by its owner or an admin. */
import type { ExpressionBuilder } from 'kysely';
import type { access } from '../../protocol/api/access.ts';
import type { Bus } from '../bus/bus.ts';
import type { MachineUser } from '../gateway/caller.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { listed, totalOf } from '../store/listed.ts';
import type { TenantTables } from '../store/tables.ts';

interface Parts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
}
const NOT_FOUND = { refuse: { code: 'not-found' } } as const;

export function accessHandlers({ bus, now }: Parts): GroupHandlers<typeof access> {
  const changed = ({ organization, machine }: MachineUser, userId: string): void =>
    bus.publish('access.changed', { organizationId: organization.id, agentId: machine.agentId, userId });
  return {
    async users({ query }, { read, machine }) {
      const found = read
        .selectFrom('users')
        .where((eb) => eb.or([eb.exists(direct(eb, machine.id)), eb.exists(throughGroup(eb, machine.id))]));
      const page = await listed(
        found,
        (all) =>
          all
            .select(['users.id', 'username', 'email', 'role'])
            .select((eb) => [
              direct(eb, machine.id).as('direct'),
              throughGroup(eb, machine.id).as('granted'),
              throughGroup(eb, machine.id).clearSelect().select('groups.name').as('group'),
            ])
            .orderBy('username_key'),
        query,
      );
      const users = page.rows.map((row) => ({
        user_id: row.id,
        username: row.username,
        email: row.email,
        role: row.role,
        machine_role: [row.direct, row.granted].includes('sudo') ? ('sudo' as const) : ('non-sudo' as const),
        via: row.direct === null && row.group !== null ? row.group : 'direct',
      }));
      return { status: 200, body: { users, ...totalOf(page) } };
    },

    async grant({ body }, caller) {
      const { user_id, machine_role = 'non-sudo' } = body;
      if (machine_role === 'sudo' && !mayGiveSudo(caller)) return { refuse: { code: 'role-too-low' } };
      const written = await caller.write(async (tx) => {
        const user = await tx.selectFrom('users').select('username').where('id', '=', user_id).executeTakeFirst();
        if (!user) return NOT_FOUND;
        const row = { machine_id: caller.machine.id, user_id, machine_role, granted_by: caller.account.id };
        await tx
          .insertInto('machine_grants')
          .values({ ...row, created_at: new Date(now()).toISOString() })
          .onConflict((on) => on.columns(['organization_id', 'machine_id', 'user_id']).doUpdateSet({ machine_role }))
          .execute();
        const detail = { user_id, username: user.username, machine_role };
        return { value: null, audit: { action: 'access_granted', resource: caller.machine.agentId, detail } };
      });
      if ('refuse' in written) return written;
      changed(caller, user_id);
      return { status: 200, body: { message: 'Access granted' } };
    },

    async revoke({ body }, caller) {
      const { user_id } = body;
      const written = await caller.write(async (tx) => {
        const removed = await tx
          .deleteFrom('machine_grants')
          .where('machine_id', '=', caller.machine.id)
          .where('user_id', '=', user_id)
          .executeTakeFirst();
        if (removed.numDeletedRows === 0n) return NOT_FOUND;
        return {
          value: null,
          audit: { action: 'access_revoked', resource: caller.machine.agentId, detail: { user_id } },
        };
      });
      if ('refuse' in written) return written;
      changed(caller, user_id);
      return { status: 200, body: { message: 'Access revoked' } };
    },
  };
}

/** An owner gives no more than it has: otherwise it could raise itself on its own machine. */
function mayGiveSudo({ account, machine }: MachineUser): boolean {
  return account.role !== 'user' || machine.machineRole === 'sudo';
}

type OfUsers = ExpressionBuilder<TenantTables, 'users'>;
function direct(eb: OfUsers, machineId: string) {
  return eb
    .selectFrom('machine_grants')
    .select('machine_grants.machine_role')
    .whereRef('machine_grants.user_id', '=', 'users.id')
    .where('machine_grants.machine_id', '=', machineId);
}
/** The group that gives most. */
function throughGroup(eb: OfUsers, machineId: string) {
  return eb
    .selectFrom('group_machines')
    .innerJoin('group_members', 'group_members.group_id', 'group_machines.group_id')
    .innerJoin('groups', 'groups.id', 'group_machines.group_id')
    .select('group_machines.machine_role')
    .whereRef('group_members.user_id', '=', 'users.id')
    .where('group_machines.machine_id', '=', machineId)
    .orderBy('group_machines.machine_role', 'desc')
    .orderBy('groups.name_key')
    .limit(1);
}
