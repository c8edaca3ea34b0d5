/** Who is in a group. */
import type { groups } from '../../protocol/api/groups.ts';
import type { Bus } from '../bus/bus.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { listed, totalOf } from '../store/listed.ts';
import { isGroup } from './group-shape.ts';

interface Parts {
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
}

const NOT_FOUND = { refuse: { code: 'not-found' } } as const;

export function groupMemberHandlers(
  parts: Parts,
): Pick<GroupHandlers<typeof groups>, 'members' | 'addMember' | 'removeMember'> {
  return {
    async members({ params, query }, { read }) {
      if (!(await isGroup(read, params.id))) return NOT_FOUND;
      const found = read
        .selectFrom('group_members')
        .innerJoin('users', 'users.id', 'group_members.user_id')
        .where('group_members.group_id', '=', params.id);
      const page = await listed(
        found,
        (all) => all.select(['users.id as user_id', 'username', 'email', 'role']).orderBy('username_key'),
        query,
      );
      return { status: 200, body: { members: [...page.rows], ...totalOf(page) } };
    },

    async addMember({ params, body }, caller) {
      const { user_id } = body;
      const written = await caller.write(async (tx) => {
        const user = await tx.selectFrom('users').select('username').where('id', '=', user_id).executeTakeFirst();
        if (!user || !(await isGroup(tx, params.id))) return NOT_FOUND;
        const row = { group_id: params.id, user_id, added_by: caller.account.id };
        await tx
          .insertInto('group_members')
          .values({ ...row, created_at: new Date(parts.now()).toISOString() })
          .onConflict((on) => on.doNothing())
          .execute();
        const detail = { user_id, username: user.username };
        return { value: null, audit: { action: 'group_member_added', resource: params.id, detail } };
      });
      if ('refuse' in written) return written;
      parts.bus.publish('access.changed', { organizationId: caller.organization.id, userId: user_id });
      return { status: 200, body: { message: 'Member added' } };
    },

    async removeMember({ params, body }, caller) {
      const { user_id } = body;
      const written = await caller.write(async (tx) => {
        const removed = await tx
          .deleteFrom('group_members')
          .where('group_id', '=', params.id)
          .where('user_id', '=', user_id)
          .executeTakeFirst();
        if (removed.numDeletedRows === 0n) return NOT_FOUND;
        return { value: null, audit: { action: 'group_member_removed', resource: params.id, detail: { user_id } } };
      });
      if ('refuse' in written) return written;
      parts.bus.publish('access.changed', { organizationId: caller.organization.id, userId: user_id });
      return { status: 200, body: { message: 'Member removed' } };
    },
  };
}
