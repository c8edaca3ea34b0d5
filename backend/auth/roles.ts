/** What each role is for, in words. What it may do is decided where it is done. */
import type { Role, roles } from '../../protocol/api/roles.ts';
import type { PortalRole } from '../../protocol/api/values.ts';
import type { MachineRole } from '../../protocol/wire/control.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';

type Described = Omit<Role, 'name'>;

const portal: Readonly<Record<PortalRole, Described>> = {
  super_admin: {
    description: 'Manages the organizations of the platform, and acts in any of them.',
    permissions: ['organizations:manage', 'users:manage', 'groups:manage', 'machines:manage', 'audit:read'],
  },
  company_admin: {
    description: 'Manages everything in its own organization.',
    permissions: ['users:manage', 'groups:manage', 'machines:manage', 'sessions:manage', 'audit:read'],
  },
  user: {
    description: 'Uses the machines it made and those granted to it.',
    permissions: ['machines:create', 'machines:use', 'sessions:own', 'community:use'],
  },
};
const machine: Readonly<Record<MachineRole, Described>> = {
  sudo: {
    description: 'Opens shells that may gain root, where the agent allows it.',
    permissions: ['terminal:open', 'command:run', 'privileges:gain'],
  },
  'non-sudo': {
    description: 'Opens shells that cannot gain privileges.',
    permissions: ['terminal:open', 'command:run'],
  },
};

const listOf = (described: Readonly<Record<string, Described>>): Role[] =>
  Object.entries(described).map(([name, about]) => ({ name, ...about }));
const answer = (all: Role[]) => Promise.resolve({ status: 200 as const, body: { roles: all } });

export const roleHandlers: GroupHandlers<typeof roles> = {
  list: () => answer([...listOf(portal), ...listOf(machine)]),
  portal: () => answer(listOf(portal)),
  machine: () => answer(listOf(machine)),
};
