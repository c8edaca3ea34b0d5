/** Groups: who is in them, and which machines are granted to all who are. */
import { z } from 'zod';
import { machineRole } from '../wire/control.ts';
import { machineStatus } from './machines.ts';
import { rows } from './row.ts';
import { agentId, eitherMachineId, message, objectId, pageOf, person, searchText, time, total } from './values.ts';

export const group = z.object({
  id: objectId,
  name: z.string(),
  description: z.string(),
  member_count: z.number(),
  machine_count: z.number(),
  created_at: time,
});
/** Never of the form of an id: where a group is named, either is taken. */
const groupName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .refine((name) => !objectId.safeParse(name).success, 'must not look like an id');
const description = z.string().trim().max(1000);
const byId = z.object({ id: objectId });
const byUser = z.object({ user_id: objectId });

export const groups = rows({
  list: {
    method: 'GET',
    path: '/api/groups',
    access: 'signed-in',
    rate: 'read',
    query: z.object({ q: searchText, ...pageOf }),
    answer: { 200: z.object({ groups: z.array(group), total }) },
  },
  get: {
    method: 'GET',
    path: '/api/groups/:id',
    access: 'signed-in',
    rate: 'read',
    params: byId,
    answer: { 200: z.object({ group }) },
    refuses: ['not-found'],
  },
  create: {
    method: 'POST',
    path: '/api/groups',
    access: 'admin',
    rate: 'write',
    body: z.object({ name: groupName, description: description.optional() }),
    answer: { 201: z.object({ group }) },
    refuses: ['name-taken'],
    audit: 'group_created',
  },
  update: {
    method: 'PUT',
    path: '/api/groups/:id',
    access: 'admin',
    rate: 'write',
    params: byId,
    body: z.object({ name: groupName.optional(), description: description.optional() }),
    answer: { 200: z.object({ group }) },
    refuses: ['not-found', 'name-taken'],
    audit: 'group_updated',
  },
  remove: {
    method: 'DELETE',
    path: '/api/groups/:id',
    access: 'admin',
    rate: 'write',
    params: byId,
    answer: { 200: message },
    refuses: ['not-found'],
    audit: 'group_deleted',
  },
  members: {
    method: 'GET',
    path: '/api/groups/:id/members',
    access: 'signed-in',
    rate: 'read',
    params: byId,
    query: z.object(pageOf),
    answer: {
      200: z.object({
        members: z.array(person),
        total,
      }),
    },
    refuses: ['not-found'],
  },
  addMember: {
    method: 'POST',
    path: '/api/groups/:id/members',
    access: 'admin',
    rate: 'write',
    params: byId,
    body: byUser,
    answer: { 200: message },
    refuses: ['not-found'],
    audit: 'group_member_added',
  },
  removeMember: {
    method: 'DELETE',
    path: '/api/groups/:id/members',
    access: 'admin',
    rate: 'write',
    params: byId,
    body: byUser,
    answer: { 200: message },
    refuses: ['not-found'],
    audit: 'group_member_removed',
  },
  /** Of them, those that the caller may see. */
  machines: {
    method: 'GET',
    path: '/api/groups/:id/machines',
    access: 'signed-in',
    rate: 'read',
    params: byId,
    query: z.object(pageOf),
    answer: {
      200: z.object({
        machines: z.array(
          z.object({
            agent_id: agentId,
            name: z.string(),
            status: machineStatus,
            machine_role: machineRole.optional(),
          }),
        ),
        total,
      }),
    },
    refuses: ['not-found'],
  },
  addMachines: {
    method: 'POST',
    path: '/api/groups/:id/machines',
    access: 'admin',
    rate: 'write',
    params: byId,
    body: z.object({
      machine_ids: z.array(eitherMachineId).min(1).max(1000),
      /** What members may be there; `non-sudo` where it is not said. Of a machine that is in already, it is changed. */
      machine_role: machineRole.optional(),
    }),
    answer: { 200: message },
    refuses: ['not-found'],
    audit: 'group_machines_added',
  },
  removeMachine: {
    method: 'DELETE',
    path: '/api/groups/:id/machines/:machine_id',
    access: 'admin',
    rate: 'write',
    params: z.object({ id: objectId, machine_id: eitherMachineId }),
    answer: { 200: message },
    refuses: ['not-found'],
    audit: 'group_machine_removed',
  },
});
