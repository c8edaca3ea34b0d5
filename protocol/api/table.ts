/** The whole contract: every group of rows, by name, and which of the two services answers it. */
import { access } from './access.ts';
import { agents } from './agents.ts';
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import { commands } from './commands.ts';
import { community } from './community.ts';
import { dashboard } from './dashboard.ts';
import { documents } from './documents.ts';
import { events } from './events.ts';
import { groups } from './groups.ts';
import { install } from './install.ts';
import { machines } from './machines.ts';
import { organizations } from './organizations.ts';
import { profile } from './profile.ts';
import { roles } from './roles.ts';
import { system } from './system.ts';
import { terminals } from './terminals.ts';
import { uploads } from './uploads.ts';
import { users } from './users.ts';

export const table = {
  access,
  agents,
  audit,
  auth,
  commands,
  community,
  dashboard,
  documents,
  events,
  groups,
  install,
  machines,
  organizations,
  profile,
  roles,
  system,
  terminals,
  uploads,
  users,
} as const;
export type Table = typeof table;

export type Service = 'auth' | 'machines';
/** Who answers a group where the two services run apart. `each`: every process, for itself. */
export const services = {
  system: 'each',
  auth: 'auth',
  users: 'auth',
  roles: 'auth',
  groups: 'auth',
  profile: 'auth',
  organizations: 'auth',
  audit: 'auth',
  machines: 'machines',
  access: 'machines',
  commands: 'machines',
  terminals: 'machines',
  events: 'machines',
  agents: 'machines',
  install: 'machines',
  dashboard: 'machines',
  community: 'machines',
  uploads: 'machines',
  documents: 'auth',
} as const satisfies Readonly<Record<keyof Table, Service | 'each'>>;
/** The groups that a service answers. */
export type GroupsOf<S extends Service | 'each'> = {
  [G in keyof Table]: (typeof services)[G] extends S ? G : never;
}[keyof Table];
