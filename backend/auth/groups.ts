/** Groups: made, named, deleted. */
import type { groups } from '../../protocol/api/groups.ts';
import type { Bus } from '../bus/bus.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { contains } from '../store/contains.ts';
import { preparedList, totalOf } from '../store/listed.ts';
import type { Reads } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { groupMachineHandlers } from './group-machines.ts';
import { groupMemberHandlers } from './group-members.ts';
import { groupColumns, groupShape, readGroup } from './group-shape.ts';

interface GroupParts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
  readonly newObjectId: () => string;
}

const NOT_FOUND = { refuse: { code: 'not-found' } } as const;
const TAKEN = { refuse: { code: 'name-taken' } } as const;

export function createGroupHandlers(parts: GroupParts): GroupHandlers<typeof groups> {
  return {
    ...groupMemberHandlers(parts),
    ...groupMachineHandlers(parts),

    async list({ query }, { read }) {
      const { q = '' } = query;
      const page = await groupsIn(read, query, (eb) =>
        contains([eb.ref('groups.name'), eb.ref('groups.description')], q),
      );
      return { status: 200, body: { groups: page.rows.map(groupShape), ...totalOf(page) } };
    },

    async get({ params }, { read }) {
      const found = await readGroup(read, params.id);
      return found ? { status: 200, body: { group: found } } : NOT_FOUND;
    },

    async create({ body }, caller) {
      const { name, description = '' } = body;
      const id = parts.newObjectId();
      const row = { id, name, name_key: name.toLowerCase(), description };
      const created_at = new Date(parts.now()).toISOString();
      const written = await caller.write(async (tx) => {
        const made = await tx
          .insertInto('groups')
          .values({ ...row, created_at })
          .onConflict((on) => on.doNothing())
          .executeTakeFirst();
        if (made.numInsertedOrUpdatedRows === 0n) return TAKEN;
        return { value: null, audit: { action: 'group_created', resource: id, detail: { name } } };
      });
      if ('refuse' in written) return written;
      const shown = { id, name, description, member_count: 0, machine_count: 0, created_at };
      return { status: 201, body: { group: shown } };
    },

    async update({ params, body }, caller) {
      const { id } = params;
      const written = await caller.write(async (tx) => {
        const before = await tx
          .selectFrom('groups')
          .select(['name', 'description'])
          .where('id', '=', id)
          .executeTakeFirst();
        if (!before) return NOT_FOUND;
        const { name = before.name, description = before.description } = body;
        const name_key = name.toLowerCase();
        const other = await tx
          .selectFrom('groups')
          .select('id')
          .where('name_key', '=', name_key)
          .where('id', '!=', id)
          .executeTakeFirst();
        if (other) return TAKEN;
        await tx.updateTable('groups').set({ name, name_key, description }).where('id', '=', id).execute();
        const detail = { name, ...(name !== before.name && { name_before: before.name }) };
        return { value: null, audit: { action: 'group_updated', resource: id, detail } };
      });
      if ('refuse' in written) return written;
      const changed = await readGroup(caller.read, id);
      return changed ? { status: 200, body: { group: changed } } : NOT_FOUND;
    },

    async remove({ params }, caller) {
      const { id } = params;
      const written = await caller.write(async (tx) => {
        const members = await tx.selectFrom('group_members').select('user_id').where('group_id', '=', id).execute();
        const deleted = await tx.deleteFrom('groups').where('id', '=', id).returning('name').executeTakeFirst();
        if (!deleted) return NOT_FOUND;
        const detail = { name: deleted.name, members: members.length };
        return { value: members, audit: { action: 'group_deleted', resource: id, detail } };
      });
      if ('refuse' in written) return written;
      const organizationId = caller.organization.id;
      for (const { user_id: userId } of written.value) parts.bus.publish('access.changed', { organizationId, userId });
      return { status: 200, body: { message: 'Group deleted' } };
    },
  };
}

const groupsOf = (read: Reads<TenantTables>) => read.selectFrom('groups');
const inOrder = (found: ReturnType<typeof groupsOf>) => found.select(groupColumns).orderBy('groups.name_key');
const groupsIn = preparedList(groupsOf, inOrder);
