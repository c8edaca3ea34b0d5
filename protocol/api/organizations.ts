/** Organizations, as the platform's super admins manage them. */
import { z } from 'zod';
import { rows } from './row.ts';
import { message, objectId, pageOf, portalRole, searchText, time, total } from './values.ts';

export const organization = z.object({
  id: objectId,
  /** Its slug, the `tenant_id` of its users. */
  name: z.string(),
  display_name: z.string(),
  /** The contract's name for where its users are kept: its slug too. */
  keycloak_realm: z.string(),
  enabled: z.boolean(),
  user_count: z.number(),
  machine_count: z.number(),
  created_at: time,
});
const displayName = z.string().trim().min(1).max(120);
const byId = z.object({ id: objectId });

export const organizations = rows({
  list: {
    method: 'GET',
    path: '/api/admin/organizations',
    access: 'super-admin',
    rate: 'read',
    query: z.object({ q: searchText, ...pageOf }),
    answer: { 200: z.object({ organizations: z.array(organization), total }) },
  },
  create: {
    method: 'POST',
    path: '/api/admin/organizations',
    access: 'super-admin',
    rate: 'write',
    body: z.object({ name: z.string().trim().min(2).max(64), display_name: displayName }),
    answer: { 201: z.object({ organization }) },
    refuses: ['organization-taken'],
    audit: 'organization_created',
  },
  get: {
    method: 'GET',
    path: '/api/admin/organizations/:id',
    access: 'super-admin',
    rate: 'read',
    params: byId,
    answer: { 200: z.object({ organization }) },
    refuses: ['not-found'],
  },
  update: {
    method: 'PUT',
    path: '/api/admin/organizations/:id',
    access: 'super-admin',
    rate: 'write',
    params: byId,
    body: z.object({ display_name: displayName.optional(), enabled: z.boolean().optional() }),
    answer: { 200: z.object({ organization }) },
    refuses: ['not-found', 'platform-stays'],
    audit: 'organization_updated',
  },
  /** With all it has, but for its audit. */
  remove: {
    method: 'DELETE',
    path: '/api/admin/organizations/:id',
    access: 'super-admin',
    rate: 'write',
    params: byId,
    answer: { 200: message },
    refuses: ['not-found', 'platform-stays'],
    audit: 'organization_deleted',
  },
  stats: {
    method: 'GET',
    path: '/api/admin/organizations/:id/stats',
    access: 'super-admin',
    rate: 'read',
    params: byId,
    answer: {
      200: z.object({
        stats: z.object({
          user_count: z.number(),
          machine_count: z.number(),
          online_machine_count: z.number(),
          group_count: z.number(),
          session_count_today: z.number(),
        }),
      }),
    },
    refuses: ['not-found'],
  },
  users: {
    method: 'GET',
    path: '/api/admin/organizations/:id/users',
    access: 'super-admin',
    rate: 'read',
    params: byId,
    query: z.object({ q: searchText, ...pageOf }),
    answer: {
      200: z.object({
        users: z.array(
          z.object({
            id: objectId,
            username: z.string(),
            email: z.string(),
            role: portalRole,
            enabled: z.boolean(),
          }),
        ),
        total,
      }),
    },
    refuses: ['not-found'],
  },
  groups: {
    method: 'GET',
    path: '/api/admin/organizations/:id/groups',
    access: 'super-admin',
    rate: 'read',
    params: byId,
    query: z.object(pageOf),
    answer: {
      200: z.object({
        groups: z.array(z.object({ id: objectId, name: z.string(), member_count: z.number() })),
        total,
      }),
    },
    refuses: ['not-found'],
  },
});
