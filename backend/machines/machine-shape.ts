/** A machine's row as the contract shows it. */
import type { Selectable } from 'kysely';
import type { z } from 'zod';
import { metadata, tags, type Machine, type machineDetail } from '../../protocol/api/machines.ts';
import { statusOf } from '../store/machine-status.ts';
import type { TenantTables } from '../store/tables.ts';
import { uptimeText } from './uptime.ts';

/** What M is made of. */
export const machineColumns = [
  'id',
  'agent_id',
  'name',
  'description',
  'os',
  'ip_address',
  'public_key',
  'online_until',
  'cpu_percent',
  'memory_percent',
  'disk_percent',
  'network_rx_bytes',
  'network_tx_bytes',
  'uptime_seconds',
  'last_active_at',
  'hostname',
  'arch',
  'agent_version',
  'tags',
  'linux_user',
  'owner_id',
  'created_at',
  'latency_ms',
] as const satisfies readonly (keyof TenantTables['machines'])[];
type Row = Selectable<TenantTables['machines']>;
export type MachineRow = Pick<Row, (typeof machineColumns)[number]>;

/** As of this moment. `tenantId`: the organization's slug. */
export function machineShape(row: MachineRow, tenantId: string, at: Date): Machine {
  return {
    id: row.id,
    agent_id: row.agent_id,
    name: row.name,
    description: row.description,
    os: row.os,
    ip_address: row.ip_address,
    status: statusOf(row, at),
    cpu_percent: oneDecimal(row.cpu_percent),
    memory_percent: oneDecimal(row.memory_percent),
    disk_percent: oneDecimal(row.disk_percent),
    network_rx_bytes: row.network_rx_bytes,
    network_tx_bytes: row.network_tx_bytes,
    uptime: row.uptime_seconds === null ? null : uptimeText(row.uptime_seconds),
    last_active: row.last_active_at,
    uptime_seconds: row.uptime_seconds,
    hostname: row.hostname,
    arch: row.arch,
    agent_version: row.agent_version,
    tags: tagsOf(row),
    linux_user: row.linux_user,
    owner_id: row.owner_id,
    tenant_id: tenantId,
    created_at: row.created_at,
    latency_ms: row.latency_ms,
  };
}

export function machineDetailShape(
  row: MachineRow & Pick<Row, 'metadata'>,
  tenantId: string,
  at: Date,
): z.input<typeof machineDetail> {
  return { ...machineShape(row, tenantId, at), metadata: metadata.parse(JSON.parse(row.metadata)) };
}

export function tagsOf(row: Pick<MachineRow, 'tags'>): string[] {
  return tags.parse(JSON.parse(row.tags));
}

export const oneDecimal = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 10) / 10;
