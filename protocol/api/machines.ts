/** Machines: who made them, how they are, what joins them. */
import { z } from 'zod';
import { rows } from './row.ts';
import { agentId, bytes, eitherMachineId, message, objectId, pageOf, percent, time } from './values.ts';

export const machineStatus = z.enum(['online', 'offline', 'pending']);
export type MachineStatus = z.infer<typeof machineStatus>;

const base = {
  id: objectId,
  agent_id: agentId,
  name: z.string(),
  description: z.string(),
  os: z.string().nullable(),
  ip_address: z.string().nullable(),
  status: machineStatus,
  cpu_percent: percent.nullable(),
  memory_percent: percent.nullable(),
  disk_percent: percent.nullable(),
  network_rx_bytes: bytes.nullable(),
  network_tx_bytes: bytes.nullable(),
  /** For people: `5d 12h 30m`. */
  uptime: z.string().nullable(),
  last_active: time.nullable(),
};
/** M of the contract. Optional fields are additions that another server of this API may not send. */
export const machine = z.object({
  ...base,
  uptime_seconds: z.number().nullable().optional(),
  hostname: z.string().nullable().optional(),
  arch: z.string().nullable().optional(),
  agent_version: z.string().nullable().optional(),
  tags: z.array(z.string()).optional(),
  linux_user: z.string().nullable().optional(),
  owner_id: objectId.optional(),
  tenant_id: z.string().optional(),
  created_at: time.optional(),
  latency_ms: z.number().nullable().optional(),
});
export type Machine = z.infer<typeof machine>;
/** What the agent said of itself when it joined. */
export const metadata = z.record(z.string().max(64), z.union([z.string().max(1024), z.number(), z.boolean()]));
export const machineDetail = machine.extend({ metadata: metadata.optional() });

export const machineName = z.string().trim().min(1).max(100);
export const machineDescription = z.string().trim().max(1000);
export const linuxUser = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'must be a user name of the machine');
export const tags = z.array(z.string().trim().min(1).max(40)).max(32);

const byAgent = z.object({ agent_id: agentId });

export const machines = rows({
  list: {
    method: 'GET',
    path: '/api/machines',
    access: 'signed-in',
    rate: 'read',
    query: z.object({
      q: z.string().max(200).optional(),
      status: machineStatus.optional(),
      tag: z.string().max(40).optional(),
      ...pageOf,
    }),
    answer: { 200: z.object({ machines: z.array(machine), total: z.number().optional() }) },
  },
  create: {
    method: 'POST',
    path: '/api/machines',
    access: 'signed-in',
    rate: 'write',
    body: z.object({
      name: machineName,
      description: machineDescription.optional(),
      linux_user: linuxUser.optional(),
      tags: tags.optional(),
    }),
    answer: {
      201: z.object({
        machine: z.object({
          agent_id: agentId,
          name: z.string(),
          status: z.literal('pending'),
          registration_token: z.string(),
        }),
      }),
    },
    refuses: ['not-a-member'],
    audit: 'machine_registered',
  },
  byId: {
    method: 'GET',
    path: '/api/machines/by-id/:machine_id',
    access: 'machine-granted',
    rate: 'read',
    params: z.object({ machine_id: eitherMachineId }),
    answer: { 200: z.object({ machine }) },
    refuses: ['not-found'],
  },
  get: {
    method: 'GET',
    path: '/api/machines/:agent_id',
    access: 'machine-granted',
    rate: 'read',
    params: byAgent,
    answer: { 200: z.object({ machine: machineDetail }) },
    refuses: ['not-found'],
  },
  update: {
    method: 'PUT',
    path: '/api/machines/:agent_id',
    access: 'machine-owner',
    rate: 'write',
    params: byAgent,
    body: z
      .object({
        name: machineName.optional(),
        description: machineDescription.optional(),
        tags: tags.optional(),
        /** Null: the agent's own user. */
        linux_user: linuxUser.nullable().optional(),
      })
      .refine((change) => Object.values(change).some((value) => value !== undefined), 'must change something'),
    answer: { 200: z.object({ machine }) },
    refuses: ['not-found', 'role-too-low'],
    audit: 'machine_updated',
  },
  registrationToken: {
    method: 'POST',
    path: '/api/machines/:agent_id/registration-token',
    access: 'machine-owner',
    rate: 'write',
    params: byAgent,
    answer: { 201: z.object({ registration_token: z.string() }) },
    refuses: ['not-found', 'role-too-low'],
    audit: 'registration_token_created',
  },
  remove: {
    method: 'DELETE',
    path: '/api/machines/:agent_id',
    access: 'machine-owner',
    rate: 'write',
    params: byAgent,
    answer: { 200: message },
    refuses: ['not-found', 'role-too-low'],
    audit: 'machine_deleted',
  },
});
