/** Terminals and the sessions behind them. */
import { z } from 'zod';
import { CLIENT_SUBPROTOCOL, cols, endReason, rows as terminalRows } from '../wire/control.ts';
import { commandLog } from './commands.ts';
import { rows } from './row.ts';
import { agentId, bytes, message, objectId, sessionId, source, time } from './values.ts';

/** S of the contract. */
export const session = z.object({
  session_id: sessionId,
  agent_id: agentId,
  machine_name: z.string(),
  user_id: objectId,
  username: z.string(),
  source,
  status: z.enum(['active', 'closed']),
  started_at: time,
  ended_at: time.nullable().optional(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  attached: z.boolean().optional(),
  cols: z.int().optional(),
  rows: z.int().optional(),
  bytes_out: bytes.optional(),
  end_reason: endReason.nullable().optional(),
  recording: z.boolean().optional(),
});
export type Session = z.infer<typeof session>;

export const terminals = rows({
  connect: {
    kind: 'socket',
    method: 'GET',
    path: '/api/terminal/:agent_id/ws',
    access: 'machine-granted',
    rate: 'write',
    params: z.object({ agent_id: agentId }),
    query: z.object({
      token: z.string().max(8192).optional(),
      session_id: sessionId.optional(),
      source: source.optional(),
      cols: z.coerce.number().pipe(cols).optional(),
      rows: z.coerce.number().pipe(terminalRows).optional(),
    }),
    subprotocols: [CLIENT_SUBPROTOCOL],
    refuses: ['not-found', 'machine-offline', 'too-many-sessions'],
    audit: 'machine_access',
  },
  list: {
    method: 'GET',
    path: '/api/terminal/sessions',
    access: 'signed-in',
    rate: 'read',
    answer: { 200: z.object({ sessions: z.array(session) }) },
  },
  ofMachine: {
    method: 'GET',
    path: '/api/machines/:agent_id/sessions',
    access: 'machine-granted',
    rate: 'read',
    params: z.object({ agent_id: agentId }),
    query: z.object({
      page: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    answer: { 200: z.object({ sessions: z.array(session), total: z.number().optional() }) },
    refuses: ['not-found'],
  },
  activeOfMachine: {
    method: 'GET',
    path: '/api/machines/:agent_id/sessions/active',
    access: 'machine-granted',
    rate: 'read',
    params: z.object({ agent_id: agentId }),
    answer: { 200: z.object({ sessions: z.array(session) }) },
    refuses: ['not-found'],
  },
  get: {
    method: 'GET',
    path: '/api/sessions/:session_id',
    access: 'session-visible',
    rate: 'read',
    params: z.object({ session_id: sessionId }),
    answer: { 200: z.object({ session, logs: z.array(commandLog) }) },
    refuses: ['not-found'],
  },
  close: {
    method: 'DELETE',
    path: '/api/terminal/sessions/:session_id',
    access: 'session-visible',
    rate: 'write',
    params: z.object({ session_id: sessionId }),
    answer: { 200: message },
    refuses: ['not-found'],
    audit: 'session_terminated',
  },
  recording: {
    kind: 'stream',
    method: 'GET',
    path: '/api/sessions/:session_id/recording',
    access: 'session-visible',
    rate: 'read',
    params: z.object({ session_id: sessionId }),
    mediaType: 'application/x-asciicast',
    refuses: ['not-found'],
    audit: 'recording_viewed',
  },
});
