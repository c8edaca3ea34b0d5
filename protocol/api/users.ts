/** Users as the contract shows them. */
import { z } from 'zod';
import { machineRole } from '../wire/control.ts';
import { rows } from './row.ts';
import { objectId, portalRole, time } from './values.ts';

/** The signed-in person, as in a login answer. `api_key` is masked but for its last four. */
export const user = z.object({
  id: objectId,
  username: z.string(),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  tenant_id: z.string(),
  tenant_name: z.string(),
  role: portalRole,
  machine_role: machineRole,
  groups: z.array(z.string()),
  email_verified: z.boolean(),
  api_key: z.string().nullable(),
});
export type User = z.infer<typeof user>;

export const profile = z.object({
  id: objectId,
  username: z.string(),
  email: z.string(),
  api_key: z.string().nullable(),
  avatar_url: z.string().nullable(),
  created_at: time,
});

export const users = rows({
  me: { method: 'GET', path: '/api/users/me', access: 'signed-in', rate: 'read', answer: { 200: z.object({ user }) } },
  profile: {
    method: 'GET',
    path: '/api/profile',
    access: 'signed-in',
    rate: 'read',
    answer: { 200: z.object({ user: profile }) },
  },
});
