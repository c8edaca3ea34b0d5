/** The first look: how the machines are that one sees, and what happened lately. */
import { z } from 'zod';
import { machine } from './machines.ts';
import { rows } from './row.ts';
import { percent } from './values.ts';

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
});
