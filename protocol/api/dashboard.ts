/** The first look: how the machines are that one sees, and what happened lately. */
import { z } from 'zod';
import { machine } from './machines.ts';
import { rows } from './row.ts';
import { agentId, objectId, percent, source, time } from './values.ts';

export const dashboard = rows({
  stats: {
    method: 'GET',
    path: '/api/dashboard/stats',
    access: 'signed-in',
    rate: 'read',
    answer: {
      200: z.object({
        online_count: z.int(),
        offline_count: z.int(),
        pending_count: z.int().optional(),
        /** Over those that are online; 0 when none is. */
        avg_cpu: percent,
        avg_memory: percent,
        avg_disk: percent,
      }),
    },
  },
  recentMachines: {
    method: 'GET',
    path: '/api/dashboard/recent-machines',
    access: 'signed-in',
    rate: 'read',
    answer: {
      200: z.object({
        machines: z.array(
          machine.pick({
            agent_id: true,
            name: true,
            status: true,
            cpu_percent: true,
            memory_percent: true,
            last_active: true,
          }),
        ),
      }),
    },
  },
  recentActivity: {
    method: 'GET',
    path: '/api/dashboard/recent-activity',
    access: 'signed-in',
    rate: 'read',
    answer: {
      200: z.object({
        activities: z.array(
          z.object({
            id: objectId,
            command: z.string(),
            machine_name: z.string(),
            agent_id: agentId,
            username: z.string(),
            source,
            timestamp: time,
          }),
        ),
      }),
    },
  },
});
