/** A machine has two ids, its own and its agent's. Where a body or a path names machines, either is taken. */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { TenantTables } from './tables.ts';

/** The condition that a row of `machines` is one of those named. An id of one form is never one of the other. */
export function isMachine(
  ids: readonly (string | Expression<string>)[],
): (eb: ExpressionBuilder<TenantTables, 'machines'>) => Expression<SqlBool> {
  return (eb) => eb.or([eb('machines.id', 'in', ids), eb('machines.agent_id', 'in', ids)]);
}
