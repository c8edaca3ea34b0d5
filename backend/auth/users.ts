/** The users of an organization, and what somebody signed in is told of itself. */
import type { users } from '../../protocol/api/users.ts';
import type { Member } from '../gateway/caller.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { groupNames, withGroups } from '../store/group-names.ts';
import { totalOf } from '../store/listed.ts';
import { userShape } from './accounts.ts';
import { setRoles, updateUser, type ChangeUserParts } from './change-user.ts';
import { createUser, type CreateUserParts } from './create-user.ts';
import { memberShape, readMember } from './member-shape.ts';
import { removeUser } from './remove-user.ts';
import { searchUsers } from './user-search.ts';

const NOT_FOUND = { refuse: { code: 'not-found' } } as const;

export function createUserHandlers(parts: CreateUserParts & ChangeUserParts): GroupHandlers<typeof users> {
  return {
    async me(_input, { account, home }) {
      const { id, username, email, role, machineRole: machine_role, profile } = account;
      const shown = { id, username, email, role, machine_role, ...profile };
      const organization = { slug: account.tenantId, display_name: account.tenantName };
      return { status: 200, body: { user: userShape(await withGroups(home.read, shown), organization) } };
    },

    async list({ query }, { read }) {
      const page = await searchUsers(read, query);
      const groups = await groupNames(read);
      const shown = page.rows.map((row) => memberShape(row, groups.get(row.id)));
      return { status: 200, body: { users: shown, ...totalOf(page) } };
    },

    async get({ params }, caller) {
      const user = await readMember(readerOf(caller, params.id), params.id);
      return user ? { status: 200, body: { user } } : NOT_FOUND;
    },

    async roles({ params }, caller) {
      const user = await readMember(readerOf(caller, params.id), params.id);
      return user ? { status: 200, body: { roles: [user.role, user.machine_role] } } : NOT_FOUND;
    },

    create: (input, caller) => createUser(parts, input, caller),
    update: (input, caller) => updateUser(parts, input, caller),
    setRoles: (input, caller) => setRoles(parts, input, caller),
    remove: (input, caller) => removeUser(parts, input, caller),
  };
}

/** A super admin finds itself at home, wherever it acts. */
function readerOf({ account, home, read }: Member, id: string): Member['read'] {
  return id === account.id ? home.read : read;
}
