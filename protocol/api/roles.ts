/** The roles there are: of people in the portal, and of shells on machines. */
import { z } from 'zod';
import { rows } from './row.ts';

export const role = z.object({
  name: z.string(),
  description: z.string(),
  permissions: z.array(z.string()).optional(),
});
export type Role = z.infer<typeof role>;

const answer = { 200: z.object({ roles: z.array(role) }) };

export const roles = rows({
  list: { method: 'GET', path: '/api/roles', access: 'signed-in', rate: 'read', answer },
  portal: { method: 'GET', path: '/api/roles/portal', access: 'signed-in', rate: 'read', answer },
  machine: { method: 'GET', path: '/api/roles/machine', access: 'signed-in', rate: 'read', answer },
});
