/** The audit: what was done in an organization, by whom, and whether the record of it is whole. */
import { z } from 'zod';
import { rows } from './row.ts';
import { objectId, source, time } from './values.ts';

const entry = {
  id: objectId,
  user_id: objectId.nullable(),
  username: z.string().nullable(),
  tenant_id: z.string(),
  action: z.string(),
  resource: z.string().nullable(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  source: source.nullable(),
  status: z.string(),
  timestamp: time,
};
export const auditDetail = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);
/** What is done to what. Optional fields are additions that another server of this API may not send. */
export const auditEntry = z.object({ ...entry, detail: auditDetail.optional() });
export type AuditEntry = z.infer<typeof auditEntry>;

/** An entry of an export: with all that its hash is made of, so that the file can be verified without the server. */
export const sealedEntry = z.object({
  ...entry,
  status: z.enum(['success', 'failure']),
  detail: auditDetail,
  organization_id: objectId,
  seq: z.int().min(1),
  prev_hash: z.string(),
  hash: z.string(),
});
export type SealedEntry = z.infer<typeof sealedEntry>;

/** Any offset is taken; compared are times in UTC with milliseconds, as they are stored. */
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());
/** A super admin reads any organization, by its `tenant_id`; everybody else their own. */
const whose = { tenant_id: z.string().min(1).max(64).optional() };
const when = { from: instant.optional(), to: instant.optional() };

export const audit = rows({
  list: {
    method: 'GET',
    path: '/api/audit',
    access: 'admin',
    rate: 'read',
    query: z.object({
      page: z.coerce.number().int().min(1).max(1_000_000).default(1),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      user_id: objectId.optional(),
      action: z.string().min(1).max(64).optional(),
      resource: z.string().min(1).max(200).optional(),
      status: z.enum(['success', 'failure']).optional(),
      /** Words, all of which occur in it: names, addresses, ids, what was done. */
      q: z.string().max(200).optional(),
      ...when,
      ...whose,
      format: z.enum(['csv', 'json']).optional(),
    }),
    /** `total` counts what is filtered up to 10,000; `total_is_more` says that there is more. */
    answer: {
      200: z.object({
        logs: z.array(auditEntry),
        total: z.number(),
        page: z.number(),
        limit: z.number(),
        total_is_more: z.boolean().optional(),
      }),
    },
    files: { csv: 'text/csv; charset=utf-8; header=present', json: 'application/json; charset=utf-8' },
    refuses: ['not-found'],
    audit: 'audit_exported',
  },
  tenants: {
    method: 'GET',
    path: '/api/audit/tenants',
    access: 'admin',
    rate: 'read',
    answer: { 200: z.object({ tenants: z.array(z.object({ tenant_id: z.string(), tenant_name: z.string() })) }) },
  },
  verify: {
    method: 'GET',
    path: '/api/audit/verify',
    access: 'admin',
    rate: 'write', // it costs more than reading does
    query: z.object({ ...when, ...whose }),
    /** `broken_at`: the number of the first entry that does not fit; `head`: the last that was checked, to compare with one kept elsewhere. */
    answer: {
      200: z.object({
        ok: z.boolean(),
        checked: z.number(),
        broken_at: z.number().optional(),
        reason: z.enum(['changed', 'missing']).optional(),
        head: z.object({ seq: z.number(), hash: z.string() }).optional(),
      }),
    },
    refuses: ['not-found', 'slow-down'],
  },
});
