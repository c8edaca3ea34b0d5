/**
 * Whether a machine is online is a lease in its row, renewed by its agent's heartbeats: any query, on any node, can tell.
 * A node that dies leaves leases that end by themselves.
 */
import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import type { MachineStatus } from '../../protocol/api/machines.ts';
import type { TenantTables } from './tables.ts';

export function statusOf(
  row: Pick<Selectable<TenantTables['machines']>, 'public_key' | 'online_until'>,
  at: Date,
): MachineStatus {
  if (row.public_key === null) return 'pending';
  return row.online_until !== null && row.online_until > at.toISOString() ? 'online' : 'offline';
}

/** The same as a condition. */
export function hasStatus(
  status: MachineStatus,
  at: Date,
): (eb: ExpressionBuilder<TenantTables, 'machines'>) => Expression<SqlBool> {
  return (eb) => {
    const joined = eb('machines.public_key', 'is not', null);
    const isOnline = eb('machines.online_until', '>', at.toISOString());
    switch (status) {
      case 'pending':
        return eb('machines.public_key', 'is', null);
      case 'online':
        return eb.and([joined, isOnline]);
      case 'offline':
        return eb.and([joined, eb.or([eb('machines.online_until', 'is', null), eb.not(isOnline)])]);
    }
  };
}
