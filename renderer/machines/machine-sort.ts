/** The order of the table of machines. Pure. */
import type { Machine } from '../../protocol/api/machines.ts';
import type { Sort } from '../ui/table-model.ts';

type Value = string | number | null;
const statusRank = { online: 0, pending: 1, offline: 2 };

/** What each column sorts by; `name` is the order the list has already. */
const values: Readonly<Record<string, (machine: Machine) => Value>> = {
  status: (machine) => statusRank[machine.status],
  os: (machine) => machine.os?.toLowerCase() ?? null,
  cpu: (machine) => machine.cpu_percent,
  memory: (machine) => machine.memory_percent,
  disk: (machine) => machine.disk_percent,
  network: (machine) =>
    machine.network_rx_bytes === null ? null : machine.network_rx_bytes + (machine.network_tx_bytes ?? 0),
  uptime: (machine) => machine.uptime_seconds ?? null,
  tags: (machine) => machine.tags?.join(' ').toLowerCase() || null,
  active: (machine) => machine.last_active,
};

const compare = (a: Value, b: Value): number => {
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
};

/** `machines` are in the order of their names, which stays among equals. What is not known comes last in both directions. */
export function sorted(machines: readonly Machine[], sort: Sort): readonly Machine[] {
  const valueOf = values[sort.column];
  if (!valueOf) return sort.descending ? machines.toReversed() : machines;
  const keyed = machines.map((machine) => ({ machine, value: valueOf(machine) }));
  const known = keyed.filter(({ value }) => value !== null);
  const unknown = keyed.filter(({ value }) => value === null);
  const direction = sort.descending ? -1 : 1;
  known.sort((a, b) => direction * compare(a.value, b.value));
  return [...known, ...unknown].map(({ machine }) => machine);
}
