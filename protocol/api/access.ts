/** Who may use a machine, beside who owns it and the admins: granted directly, or to a group. */
import { z } from 'zod';
import { machineRole } from '../wire/control.ts';
import { rows } from './row.ts';
import { agentId, message, objectId, pageOf, person, total } from './values.ts';

const byAgent = z.object({ agent_id: agentId });

export const access = rows({
  users: {
    method: 'GET',
    path: '/api/machines/:agent_id/access/users',
    access: 'machine-owner',
    rate: 'read',
    params: byAgent,
    query: z.object(pageOf),
    answer: {
      200: z.object({
        users: z.array(
          person.extend({
            /** The highest that was granted. */
            machine_role: machineRole.optional(),
            /** `direct`, or the name of a group. */
            via: z.string().optional(),
          }),
        ),
        total,
      }),
    },
    refuses: ['not-found', 'role-too-low'],
  },
  grant: {
    method: 'POST',
    path: '/api/machines/:agent_id/access/grant',
    access: 'machine-owner',
    rate: 'write',
    params: byAgent,
    body: z.object({ user_id: objectId, machine_role: machineRole.optional() }),
    answer: { 200: message },
    refuses: ['not-found', 'role-too-low'],
    audit: 'access_granted',
  },
  revoke: {
    method: 'POST',
    path: '/api/machines/:agent_id/access/revoke',
    access: 'machine-owner',
    rate: 'write',
    params: byAgent,
    body: z.object({ user_id: objectId }),
    answer: { 200: message },
    refuses: ['not-found', 'role-too-low'],
    audit: 'access_revoked',
  },
});
