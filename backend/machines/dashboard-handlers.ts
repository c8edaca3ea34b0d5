/** The dashboard: figures over the machines that the caller sees, and which of them were heard of last. */
import type { dashboard } from '../../protocol/api/dashboard.ts';
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
      const at = now();
      const found = await read
        .selectFrom('machines')
        .select((eb) => {
          const isOnline = hasStatus('online', at)(eb);
          return [
            eb.fn.countAll().filterWhere(isOnline).as('online'),
            eb.fn.countAll().filterWhere(hasStatus('offline', at)(eb)).as('offline'),
            eb.fn.countAll().filterWhere(hasStatus('pending', at)(eb)).as('pending'),
            eb.fn.avg<number | null>('cpu_percent').filterWhere(isOnline).as('cpu'),
            eb.fn.avg<number | null>('memory_percent').filterWhere(isOnline).as('memory'),
            eb.fn.avg<number | null>('disk_percent').filterWhere(isOnline).as('disk'),
          ];
        })
        .executeTakeFirstOrThrow();
      return {
        status: 200,
        body: {
          online_count: Number(found.online),
          offline_count: Number(found.offline),
          pending_count: Number(found.pending),
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
