/** Users as the contract shows them. */
import { z } from 'zod';
import { machineRole, type MachineRole } from '../wire/control.ts';
import { rows } from './row.ts';
import {
  email,
  message,
  newPassword,
  objectId,
  pageOf,
  personName,
  portalRole,
  searchText,
  time,
  total,
  username,
  type PortalRole,
} from './values.ts';

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

/** A user as admins see it. */
export const member = z.object({
  id: objectId,
  username: z.string(),
  email: z.string(),
  first_name: z.string(),
  last_name: z.string(),
  role: portalRole,
  machine_role: machineRole,
  groups: z.array(z.string()),
  enabled: z.boolean(),
  email_verified: z.boolean(),
  created_at: time,
  last_login: time.nullable(),
});
export type MemberShape = z.infer<typeof member>;

/** By name, as they are answered, or by id. */
const groupsOfUser = z.array(z.string().trim().min(1).max(100)).max(200);
const byId = z.object({ id: objectId });

export const users = rows({
  me: { method: 'GET', path: '/api/users/me', access: 'signed-in', rate: 'read', answer: { 200: z.object({ user }) } },
  list: {
    method: 'GET',
    path: '/api/users',
    access: 'admin',
    rate: 'read',
    query: z.object({ q: searchText, ...pageOf }),
    answer: { 200: z.object({ users: z.array(member), total }) },
  },
  get: {
    method: 'GET',
    path: '/api/users/:id',
    access: 'self-or-admin',
    rate: 'read',
    params: byId,
    answer: { 200: z.object({ user: member }) },
    refuses: ['not-found'],
  },
  create: {
    method: 'POST',
    path: '/api/users',
    access: 'admin',
    rate: 'write',
    body: z.object({
      username,
      email,
      password: newPassword,
      first_name: personName,
      last_name: personName,
      role: portalRole.optional(),
      machine_role: machineRole.optional(),
      groups: groupsOfUser.optional(),
      /** Of a super admin: in this organization, not in the one it acts in. */
      tenant_id: z.string().max(64).optional(),
    }),
    answer: { 201: z.object({ user: member }) },
    refuses: ['not-found', 'role-too-low', 'role-not-here', 'username-taken', 'email-taken'],
    audit: 'user_created',
  },
  update: {
    method: 'PUT',
    path: '/api/users/:id',
    access: 'admin',
    rate: 'write',
    params: byId,
    body: z.object({
      first_name: personName.optional(),
      last_name: personName.optional(),
      role: portalRole.optional(),
      machine_role: machineRole.optional(),
      groups: groupsOfUser.optional(),
      enabled: z.boolean().optional(),
    }),
    answer: { 200: z.object({ user: member }) },
    refuses: ['not-found', 'role-too-low', 'role-not-here', 'last-admin', 'not-yourself'],
    audit: 'user_updated',
  },
  remove: {
    method: 'DELETE',
    path: '/api/users/:id',
    access: 'admin',
    rate: 'write',
    params: byId,
    answer: { 200: message },
    refuses: ['not-found', 'last-admin', 'not-yourself'],
    audit: 'user_deleted',
  },
  roles: {
    method: 'GET',
    path: '/api/users/:id/roles',
    access: 'self-or-admin',
    rate: 'read',
    params: byId,
    answer: { 200: z.object({ roles: z.array(z.string()) }) },
    refuses: ['not-found'],
  },
  setRoles: {
    method: 'POST',
    path: '/api/users/:id/roles',
    access: 'admin',
    rate: 'write',
    params: byId,
    /** One portal role and one machine role. */
    body: z.object({
      roles: z
        .array(z.union([portalRole, machineRole]))
        .refine((given) => given.length === 2, 'must be one portal role and one machine role')
        .refine((given) => given.filter((one) => isPortalRole(one)).length === 1, 'must be one of each kind'),
    }),
    answer: { 200: message },
    refuses: ['not-found', 'role-too-low', 'role-not-here', 'last-admin'],
    audit: 'user_updated',
  },
});

export function isPortalRole(name: PortalRole | MachineRole): name is PortalRole {
  return portalRole.safeParse(name).success;
}
