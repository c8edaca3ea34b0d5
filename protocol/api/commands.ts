/** Commands: sent to a machine without a terminal, and the log of what ran there, however it came to run. */
import { z } from 'zod';
import { captured, execCommand, execEnd, execTimeoutS } from '../wire/control.ts';
import { rows } from './row.ts';
import { agentId, objectId, sessionId, source, time } from './values.ts';

const commandId = z.uuid();

/** `sent`: no result yet; `lost`: the agent knows nothing of it any more, so what became of it is not known. */
export const commandState = z.enum(['sent', ...execEnd.options, 'lost']);
export type CommandState = z.infer<typeof commandState>;

export const sentCommand = z.object({
  command_id: commandId,
  command: z.string(),
  state: commandState,
  exit_code: z.int().nullable(),
  /** Both outputs as they came; null until it ended. */
  output: z.string().nullable(),
  /** There was more output than is kept. */
  truncated: z.boolean(),
  started_at: time.nullable(),
  ended_at: time.nullable(),
  /** Why it was refused: `role-not-enforceable`, … `still-running`: it was to end, and something of it may run on. */
  code: z.string().nullable().optional(),
  user_id: objectId.optional(),
  username: z.string().optional(),
  timeout_s: z.int().optional(),
});
export type SentCommand = z.infer<typeof sentCommand>;

export const commandLog = z.object({
  id: objectId,
  command: z.string(),
  user_id: objectId,
  username: z.string(),
  timestamp: time,
  /** Null: nobody knows, as with a line that was only typed. */
  success: z.boolean().nullable(),
  source,
  session_id: sessionId.nullable(),
  exit_code: z.int().nullable().optional(),
  cwd: z.string().nullable().optional(),
  duration_ms: z.number().nullable().optional(),
  captured: captured.optional(),
  /** The line was longer than is kept. */
  cut: z.boolean().optional(),
});
export type CommandLog = z.infer<typeof commandLog>;

const byAgent = z.object({ agent_id: agentId });
const limit = z.coerce.number().int().min(1).max(200).optional();

export const commands = rows({
  run: {
    method: 'POST',
    path: '/api/machines/:agent_id/command',
    access: 'machine-granted',
    rate: 'write',
    params: byAgent,
    body: z.object({ command: execCommand, timeout_s: execTimeoutS.optional() }),
    answer: { 200: z.object({ message: z.string(), command: z.string(), command_id: commandId.optional() }) },
    refuses: ['not-found', 'machine-offline'],
    audit: 'command_executed',
  },
  get: {
    method: 'GET',
    path: '/api/machines/:agent_id/commands/:command_id',
    access: 'machine-granted',
    rate: 'read',
    params: byAgent.extend({ command_id: commandId }),
    answer: { 200: z.object({ command: sentCommand }) },
    refuses: ['not-found'],
  },
  logs: {
    method: 'GET',
    path: '/api/machines/:agent_id/logs',
    access: 'machine-granted',
    rate: 'read',
    params: byAgent,
    query: z.object({ page: z.coerce.number().int().min(1).optional(), limit }),
    answer: { 200: z.object({ logs: z.array(commandLog), total: z.number().optional() }) },
    refuses: ['not-found'],
  },
  searchLogs: {
    method: 'GET',
    path: '/api/machines/:agent_id/logs/search',
    access: 'machine-granted',
    rate: 'read',
    params: byAgent,
    query: z.object({ q: z.string().min(1).max(200), limit }),
    answer: { 200: z.object({ logs: z.array(commandLog) }) },
    refuses: ['not-found'],
  },
});
