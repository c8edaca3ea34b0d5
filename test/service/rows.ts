/** The contract table as data for tests: every row by name, and a real address of it. */
import type { Group, Row } from '../../protocol/api/row.ts';
import { table } from '../../protocol/api/table.ts';

const groups: Readonly<Record<string, Group>> = table;
export const allRows: readonly (readonly [name: string, row: Row])[] = Object.entries(groups).flatMap(([group, rows]) =>
  Object.entries(rows).map(([name, row]) => [`${group}.${name}`, row] as const),
);

/** Ids of the right form, of nothing that exists. */
const nothing: Readonly<Record<string, string>> = {
  agent_id: '5e0b6e0e-9d0b-4a51-8a53-6a3f6c3a0f11',
  session_id: '5e0b6e0e-9d0b-4a51-8a53-6a3f6c3a0f12',
  command_id: '5e0b6e0e-9d0b-4a51-8a53-6a3f6c3a0f13',
  machine_id: '0123456789abcdef01234567',
  id: '0123456789abcdef01234567',
  fix_id: '0123456789abcdef01234568',
  provider: 'github',
};
export function pathOf({ path }: Row, ids: Readonly<Record<string, string>> = nothing): string {
  return path.replaceAll(/:([a-z_]+)/g, (_part, name: string) => ids[name] ?? `no-${name}-known`);
}

/** For rows that want a query. */
const queries: Readonly<Record<string, string>> = {
  'commands.searchLogs': '?q=id',
};
export function queryOf(name: string): string {
  return queries[name] ?? '';
}

/** For rows that want a body: one that is taken where there is something at the address. */
const bodies: Readonly<Record<string, unknown>> = {
  'machines.update': { name: 'renamed' },
  'access.grant': { user_id: '0123456789abcdef01234568' },
  'access.revoke': { user_id: '0123456789abcdef01234568' },
  'commands.run': { command: 'id' },
  'community.updateIssue': { title: 'renamed' },
  'community.createFix': { content: 'turn it off and on' },
};
export function bodyOf(name: string): unknown {
  return bodies[name];
}
