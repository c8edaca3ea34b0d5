/** The machines as their people see them: list, make, look at, remove. */
import type { Machine, machines } from '../../protocol/api/machines.ts';
import type { Input } from '../../protocol/api/row.ts';
import type { Bus } from '../bus/bus.ts';
import type { Member, MachineUser } from '../gateway/caller.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { addMachine } from './add-machine.ts';
import { machineDetailShape, machineShape, type MachineRow } from './machine-shape.ts';
import type { Presence } from './presence.ts';
import type { MachineSettings } from './settings.ts';
import { endSessionsOfMachine } from './session-end.ts';

interface Parts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly presence: Pick<Presence, 'isOnline'>;
  readonly now: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
  readonly settings: Pick<MachineSettings, 'registrationTokenS'>;
}
type ListQuery = Input<(typeof machines)['list']>['query'];

export function machinesHandlers(parts: Parts): GroupHandlers<typeof machines> {
  const { presence } = parts;
  return {
    async list({ query }, caller) {
      const rows = await caller.read.selectFrom('machines').selectAll().orderBy('name').orderBy('id').execute();
      const found = rows
        .map((row) => machineShape(row, caller.account.tenantId, presence))
        .filter((machine) => matches(machine, query));
      if (query.page === undefined && query.limit === undefined) return { status: 200, body: { machines: found } };
      return { status: 200, body: { machines: pageOf(found, query), total: found.length } };
    },

    async create({ body }, caller) {
      const written = await caller.write(async (tx) => {
        const { note, ...added } = await addMachine(
          tx,
          {
            name: body.name,
            description: body.description,
            tags: body.tags,
            linuxUser: body.linux_user,
            ownerId: caller.account.id,
          },
          { ...parts, ...parts.settings },
        );
        return { value: added, audit: note };
      });
      if ('refuse' in written) return written;
      const { agentId, registrationToken } = written.value;
      parts.bus.publish('machine.changed', { organizationId: caller.account.organizationId, agentId });
      const machine = { agent_id: agentId, name: body.name, status: 'pending' as const };
      return { status: 201, body: { machine: { ...machine, registration_token: registrationToken } } };
    },

    async byId(_input, caller) {
      const row = await rowOf(caller);
      if (!row) return { refuse: { code: 'not-found' } };
      return { status: 200, body: { machine: machineShape(row, caller.account.tenantId, presence) } };
    },

    async get(_input, caller) {
      const row = await rowOf(caller);
      if (!row) return { refuse: { code: 'not-found' } };
      return { status: 200, body: { machine: machineDetailShape(row, caller.account.tenantId, presence) } };
    },

    async remove(_input, caller) {
      const { agentId, id, name } = caller.machine;
      const at = new Date(parts.now());
      const written = await caller.write(async (tx) => {
        const ended = await endSessionsOfMachine(tx, agentId, { reason: 'revoked', at });
        const deleted = await tx.deleteFrom('machines').where('id', '=', id).executeTakeFirst();
        if (deleted.numDeletedRows === 0n) return { refuse: { code: 'not-found' } };
        const note = { action: 'machine_deleted', resource: agentId, detail: { name, sessions_ended: ended.length } };
        return { value: ended, audit: note };
      });
      if ('refuse' in written) return written;
      const { organizationId } = caller.account;
      for (const sessionId of written.value) {
        parts.bus.publish('session.ended', { organizationId, sessionId, agentId, reason: 'revoked' });
      }
      parts.bus.publish('machine.deleted', { organizationId, machineId: id, agentId });
      return { status: 200, body: { message: 'Machine deleted' } };
    },
  };
}

/** Gone when somebody deleted it since the path was looked at. */
async function rowOf(caller: Member & Pick<MachineUser, 'machine'>): Promise<MachineRow | undefined> {
  return caller.read.selectFrom('machines').selectAll().where('id', '=', caller.machine.id).executeTakeFirst();
}

function matches(machine: Machine, { q, status, tag }: ListQuery): boolean {
  if (status !== undefined && machine.status !== status) return false;
  const tags = machine.tags ?? [];
  if (tag !== undefined && !tags.includes(tag)) return false;
  if (q === undefined) return true;
  const wanted = q.trim().toLowerCase();
  return [machine.name, machine.description, machine.hostname, machine.os, machine.ip_address, ...tags].some((text) =>
    text?.toLowerCase().includes(wanted),
  );
}

/** One who pages and names no limit gets as many as there may be. */
function pageOf<T>(all: readonly T[], { page = 1, limit = 200 }: ListQuery): T[] {
  return all.slice((page - 1) * limit, page * limit);
}
