/** The machines granted to a group. */
import type { groups } from '../../protocol/api/groups.ts';
import type { Bus } from '../bus/bus.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { listed, totalOf } from '../store/listed.ts';
import { isMachine } from '../store/machine-ids.ts';
import { statusOf } from '../store/machine-status.ts';
import type { Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { isGroup } from './group-shape.ts';

interface Parts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
}

const NOT_FOUND = { refuse: { code: 'not-found' } } as const;

export function groupMachineHandlers(
  parts: Parts,
): Pick<GroupHandlers<typeof groups>, 'machines' | 'addMachines' | 'removeMachine'> {
  return {
    async machines({ params, query }, { read }) {
      if (!(await isGroup(read, params.id))) return NOT_FOUND;
      const found = read
        .selectFrom('group_machines')
        .innerJoin('machines', 'machines.id', 'group_machines.machine_id')
        .where('group_machines.group_id', '=', params.id);
      const columns = [
        'machines.agent_id',
        'machines.name',
        'machines.public_key',
        'machines.online_until',
        'group_machines.machine_role',
      ] as const;
      const page = await listed(
        found,
        (all) => all.select(columns).orderBy('machines.name').orderBy('machines.id'),
        query,
      );
      const at = new Date(parts.now());
      const machines = page.rows.map((row) => {
        const { agent_id, name, machine_role } = row;
        return { agent_id, name, machine_role, status: statusOf(row, at) };
      });
      return { status: 200, body: { machines, ...totalOf(page) } };
    },

    async addMachines({ params, body }, caller) {
      const { machine_role = 'non-sudo' } = body;
      const granted = { group_id: params.id, machine_role, added_by: caller.account.id };
      const created_at = new Date(parts.now()).toISOString();
      const written = await caller.write(async (tx) => {
        const machines = await named(tx, body.machine_ids);
        if (!machines || !(await isGroup(tx, params.id))) return NOT_FOUND;
        await tx
          .insertInto('group_machines')
          .values(machines.map(({ id }) => ({ ...granted, machine_id: id, created_at })))
          .onConflict((on) => on.columns(['organization_id', 'group_id', 'machine_id']).doUpdateSet({ machine_role }))
          .execute();
        const agents = machines.map(({ agent_id }) => agent_id);
        const detail = { machines: agents, machine_role };
        return { value: agents, audit: { action: 'group_machines_added', resource: params.id, detail } };
      });
      if ('refuse' in written) return written;
      const organizationId = caller.organization.id;
      for (const agentId of written.value) parts.bus.publish('access.changed', { organizationId, agentId });
      return { status: 200, body: { message: 'Machines added' } };
    },

    async removeMachine({ params }, caller) {
      const written = await caller.write(async (tx) => {
        const [machine] = (await named(tx, [params.machine_id])) ?? [];
        if (!machine) return NOT_FOUND;
        const removed = await tx
          .deleteFrom('group_machines')
          .where('group_id', '=', params.id)
          .where('machine_id', '=', machine.id)
          .executeTakeFirst();
        if (removed.numDeletedRows === 0n) return NOT_FOUND;
        const detail = { machine: machine.agent_id };
        return {
          value: machine.agent_id,
          audit: { action: 'group_machine_removed', resource: params.id, detail },
        };
      });
      if ('refuse' in written) return written;
      const { id: organizationId } = caller.organization;
      parts.bus.publish('access.changed', { organizationId, agentId: written.value });
      return { status: 200, body: { message: 'Machine removed' } };
    },
  };
}

/** Null: one of them does not exist. */
async function named(tx: Writes<TenantTables>, ids: readonly string[]) {
  const found = await tx.selectFrom('machines').select(['id', 'agent_id']).where(isMachine(ids)).execute();
  const known = new Set(found.flatMap(({ id, agent_id }) => [id, agent_id]));
  return ids.every((id) => known.has(id)) ? found : null;
}
