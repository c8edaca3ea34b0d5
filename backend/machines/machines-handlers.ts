/** The machines as their people see them: list, make, look at, change, remove. */
import type { machines } from '../../protocol/api/machines.ts';
import type { Input } from '../../protocol/api/row.ts';
import type { Bus } from '../bus/bus.ts';
import type { MachineUser } from '../gateway/caller.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import type { AuditNote } from '../store/store.ts';
import { addMachine, addRegistrationToken } from './add-machine.ts';
import { listMachines } from './machine-list.ts';
import { machineColumns, machineDetailShape, machineShape } from './machine-shape.ts';
import type { MachineSettings } from './settings.ts';
import { endSessionsOfMachine } from './session-end.ts';

interface Parts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
  readonly settings: Pick<MachineSettings, 'registrationTokenS'>;
}
type Change = Input<(typeof machines)['update']>['body'];

export function machinesHandlers(parts: Parts): GroupHandlers<typeof machines> {
  const { bus } = parts;
  const now = (): Date => new Date(parts.now());
  return {
    list: async ({ query }, caller) => ({ status: 200, body: await listMachines(caller, query, now()) }),

    async create({ body }, caller) {
      if (caller.home.id !== caller.organization.id) return { refuse: { code: 'not-a-member' } };
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
      bus.publish('machine.changed', { organizationId: caller.account.organizationId, agentId });
      const machine = { agent_id: agentId, name: body.name, status: 'pending' as const };
      return { status: 201, body: { machine: { ...machine, registration_token: registrationToken } } };
    },

    async byId(_input, caller) {
      const row = await ofCaller(caller).select(machineColumns).executeTakeFirst();
      if (!row) return GONE;
      return { status: 200, body: { machine: machineShape(row, caller.account.tenantId, now()) } };
    },

    async get(_input, caller) {
      const row = await ofCaller(caller).select(machineColumns).select('metadata').executeTakeFirst();
      if (!row) return GONE;
      return { status: 200, body: { machine: machineDetailShape(row, caller.account.tenantId, now()) } };
    },

    async update({ body }, caller) {
      const { agentId, id } = caller.machine;
      const { organizationId, tenantId } = caller.account;
      const written = await caller.write(async (tx) => {
        const row = await tx
          .updateTable('machines')
          .set(columnsOf(body))
          .where('id', '=', id)
          .returning(machineColumns)
          .executeTakeFirst();
        return row ? { value: row, audit: changeNote(agentId, body) } : GONE;
      });
      if ('refuse' in written) return written;
      if (body.linux_user !== undefined) bus.publish('machine.configured', { organizationId, agentId });
      bus.publish('machine.changed', { organizationId, agentId });
      return { status: 200, body: { machine: machineShape(written.value, tenantId, now()) } };
    },

    async registrationToken(_input, caller) {
      const { id: machineId, agentId, name } = caller.machine;
      const made = { machineId, createdBy: caller.account.id };
      const written = await caller.write(async (tx) => {
        const found = await tx.selectFrom('machines').select('id').where('id', '=', machineId).executeTakeFirst();
        if (!found) return GONE;
        const token = await addRegistrationToken(tx, made, { ...parts, ...parts.settings });
        return { value: token, audit: { action: 'registration_token_created', resource: agentId, detail: { name } } };
      });
      return 'refuse' in written ? written : { status: 201, body: { registration_token: written.value } };
    },

    async remove(_input, caller) {
      const { agentId, id, name } = caller.machine;
      const written = await caller.write(async (tx) => {
        const ended = await endSessionsOfMachine(tx, agentId, { reason: 'revoked', at: now() });
        const deleted = await tx.deleteFrom('machines').where('id', '=', id).executeTakeFirst();
        if (deleted.numDeletedRows === 0n) return GONE;
        const note = { action: 'machine_deleted', resource: agentId, detail: { name, sessions_ended: ended.length } };
        return { value: ended, audit: note };
      });
      if ('refuse' in written) return written;
      const { organizationId } = caller.account;
      for (const sessionId of written.value) {
        bus.publish('session.ended', { organizationId, sessionId, agentId, reason: 'revoked' });
      }
      bus.publish('machine.deleted', { organizationId, machineId: id, agentId });
      return { status: 200, body: { message: 'Machine deleted' } };
    },
  };
}

/** Somebody deleted it since the path was looked at. */
const GONE = { refuse: { code: 'not-found' } } as const;

function ofCaller(caller: MachineUser) {
  return caller.read.selectFrom('machines').where('id', '=', caller.machine.id);
}

function columnsOf({ name, description, tags, linux_user }: Change) {
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags: JSON.stringify(tags) }),
    ...(linux_user !== undefined && { linux_user }),
  };
}

/** A description can be long: that it changed is enough. */
function changeNote(agentId: string, { name, description, tags, linux_user }: Change): AuditNote {
  const detail = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description: 'changed' }),
    ...(tags !== undefined && { tags }),
    ...(linux_user !== undefined && { linux_user }),
  };
  return { action: 'machine_updated', resource: agentId, detail };
}
