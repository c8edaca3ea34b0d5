/** What load balancers and collectors ask of each process, without signing in. */
import { z } from 'zod';
import { rows } from './row.ts';

export const system = rows({
  health: {
    method: 'GET',
    path: '/health',
    access: 'public',
    rate: 'none',
    answer: {
      200: z.object({ status: z.literal('ok'), service: z.string().optional(), version: z.string().optional() }),
    },
  },
  ready: {
    method: 'GET',
    path: '/ready',
    access: 'public',
    rate: 'none',
    answer: { 200: z.object({ status: z.literal('ready') }) },
    refuses: ['not-ready'],
  },
  metrics: {
    kind: 'stream',
    method: 'GET',
    path: '/metrics',
    access: 'public',
    rate: 'none',
    mediaType: 'text/plain; version=0.0.4',
  },
});
