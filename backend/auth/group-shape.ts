/** A group as the contract shows it, with how many are in it. */
import type { ExpressionBuilder } from 'kysely';
import type { z } from 'zod';
import type { group } from '../../protocol/api/groups.ts';
import type { Reads } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';

export type GroupShape = z.input<typeof group>;

/** What of a row of `groups` is shown. */
export function groupColumns(eb: ExpressionBuilder<TenantTables, 'groups'>) {
  return [
    'groups.id' as const,
    'groups.name' as const,
    'groups.description' as const,
    'groups.created_at' as const,
    eb
      .selectFrom('group_members')
      .select((all) => all.fn.countAll<number>().as('n'))
      .whereRef('group_members.group_id', '=', 'groups.id')
      .as('member_count'),
    eb
      .selectFrom('group_machines')
      .select((all) => all.fn.countAll<number>().as('n'))
      .whereRef('group_machines.group_id', '=', 'groups.id')
      .as('machine_count'),
  ];
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly created_at: string;
  readonly member_count: number | null;
  readonly machine_count: number | null;
}
export function groupShape(row: Row): GroupShape {
  return { ...row, member_count: Number(row.member_count), machine_count: Number(row.machine_count) };
}

export async function readGroup(read: Reads<TenantTables>, id: string): Promise<GroupShape | null> {
  const row = await read.selectFrom('groups').select(groupColumns).where('groups.id', '=', id).executeTakeFirst();
  return row ? groupShape(row) : null;
}

export async function isGroup(read: Reads<TenantTables>, id: string): Promise<boolean> {
  return (await read.selectFrom('groups').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}
