/** Which machines a list shows: searched, filtered, put in order and paged by the store. */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Machine, machines } from '../../protocol/api/machines.ts';
import type { Input } from '../../protocol/api/row.ts';
import type { Member } from '../gateway/caller.ts';
import { contains, listContains } from '../store/contains.ts';
import { preparedList, totalOf } from '../store/listed.ts';
import { hasStatus } from '../store/machine-status.ts';
import type { TenantTables } from '../store/tables.ts';
import { machineColumns, machineShape } from './machine-shape.ts';

type MachineQuery = Input<(typeof machines)['list']>['query'];

/** Whoever does not page gets no count. */
export async function listMachines(
  { read, account }: Pick<Member, 'read'> & { readonly account: Pick<Member['account'], 'tenantId'> },
  query: MachineQuery,
  at: Date,
): Promise<{ machines: Machine[]; total?: number }> {
  const page = await machinesIn(read, query, (eb) => matches(eb, query, at));
  return { machines: page.rows.map((row) => machineShape(row, account.tenantId, at)), ...totalOf(page) };
}

const machinesOf = (read: Member['read']) => read.selectFrom('machines');
const inOrder = (found: ReturnType<typeof machinesOf>) =>
  found.select(machineColumns).orderBy('machines.name').orderBy('machines.id');
const machinesIn = preparedList(machinesOf, inOrder);

function matches(
  eb: ExpressionBuilder<TenantTables, 'machines'>,
  { q = '', status, tag }: MachineQuery,
  at: Date,
): Expression<SqlBool> {
  const searched = ['name', 'description', 'hostname', 'os', 'ip_address', 'tags'] as const;
  const texts = searched.map((column) => eb.ref(`machines.${column}`));
  return eb.and([
    ...(status === undefined ? [] : [hasStatus(status, at)(eb)]),
    ...(tag === undefined ? [] : [listContains(eb.ref('machines.tags'), tag)]),
    contains(texts, q.trim()),
  ]);
}
