/** The dashboard: figures over the machines that the caller sees, and which of them were heard of last. */
import type { dashboard } from '../../protocol/api/dashboard.ts';
import type { MachineStatus } from '../../protocol/api/machines.ts';
import type { Member } from '../gateway/caller.ts';
import type { GroupHandlers } from '../gateway/handlers.ts';
import { hasStatus } from '../store/machine-status.ts';
import { machineColumns, machineShape, oneDecimal } from './machine-shape.ts';

interface Parts {
  readonly now: () => number;
}

const RECENT_MACHINES = 5;
const RECENT_ACTIVITIES = 10;

export function dashboardHandlers(parts: Parts): GroupHandlers<typeof dashboard> {
  const now = (): Date => new Date(parts.now());
  return {
    async stats(_input, { read }) {
      const found = await machineFigures(read, now());
      return {
        status: 200,
        body: {
          online_count: found.online,
          offline_count: found.offline ?? 0, // a count is never null, though a query within another may be
          pending_count: found.pending ?? 0,
          avg_cpu: oneDecimal(found.cpu) ?? 0,
          avg_memory: oneDecimal(found.memory) ?? 0,
          avg_disk: oneDecimal(found.disk) ?? 0,
        },
      };
    },

    async recentMachines(_input, caller) {
      const at = now();
      const rows = await recentMachines(caller);
      return { status: 200, body: { machines: rows.map((row) => machineShape(row, caller.account.tenantId, at)) } };
    },

    async recentActivity(_input, { read }) {
      const activities = await read
        .selectFrom('command_logs')
        .select(['id', 'command', 'machine_name', 'agent_id', 'username', 'source', 'started_at as timestamp'])
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(RECENT_ACTIVITIES)
        .execute();
      return { status: 200, body: { activities } };
    },
  };
}

/** Each status by itself, so that the index by status has all there is to know. */
export async function machineFigures(read: Member['read'], at: Date) {
  return read
    .selectFrom((eb) =>
      eb
        .selectFrom('machines')
        .where(hasStatus('online', at))
        .select(({ fn }) => [
          fn.countAll<number>().as('online'),
          fn.avg<number | null>('cpu_percent').as('cpu'),
          fn.avg<number | null>('memory_percent').as('memory'),
          fn.avg<number | null>('disk_percent').as('disk'),
        ])
        .as('figures'),
    )
    .select((eb) => {
      const counted = (status: MachineStatus) =>
        eb
          .selectFrom('machines')
          .where(hasStatus(status, at))
          .select(({ fn }) => fn.countAll<number>().as('n'));
      return [counted('offline').as('offline'), counted('pending').as('pending')];
    })
    .selectAll('figures')
    .executeTakeFirstOrThrow();
}

/** Those heard of last; where they are fewer, those made last that were never heard of. */
async function recentMachines({ read }: Member) {
  const machines = read.selectFrom('machines').select(machineColumns);
  const heard = await machines
    .where('last_active_at', 'is not', null)
    .orderBy('last_active_at', 'desc')
    .limit(RECENT_MACHINES)
    .execute();
  if (heard.length === RECENT_MACHINES) return heard;
  const never = await machines
    .where('last_active_at', 'is', null)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(RECENT_MACHINES - heard.length)
    .execute();
  return [...heard, ...never];
}
