/** The whole contract: every group of rows, by name. */
import { agents } from './agents.ts';
import { auth } from './auth.ts';
import { events } from './events.ts';
import { machines } from './machines.ts';
import { system } from './system.ts';
import { terminals } from './terminals.ts';
import { users } from './users.ts';

export const table = { system, auth, users, machines, terminals, events, agents } as const;
export type Table = typeof table;
