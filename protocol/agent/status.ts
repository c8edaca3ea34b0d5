/**
 * What a running agent tells the computer it runs on: as messages to the process that started it, and as `status.json`
 * in its configuration folder, which `webxterm-agent status` and the desktop read. No secret is in it.
 */
import { z } from 'zod';

/** Where connecting fails, in order; what a person has to mend differs at each. */
export const connectStep = z.enum(['name', 'tcp', 'proxy', 'tls', 'http', 'version', 'credential']);
export type ConnectStep = z.infer<typeof connectStep>;

export const agentSession = z.object({
  session_id: z.string(),
  username: z.string(),
  source: z.string(),
  machine_role: z.enum(['sudo', 'non-sudo']),
  started_at: z.iso.datetime(),
  /** Somebody has it on a screen now. */
  attached: z.boolean(),
});
export type AgentSession = z.infer<typeof agentSession>;

export const agentStatus = z.object({
  type: z.literal('status'),
  pid: z.int(),
  version: z.string(),
  host: z.string(),
  agent_id: z.string(),
  name: z.string(),
  link: z.discriminatedUnion('at', [
    z.object({ at: z.literal('connecting') }),
    z.object({ at: z.literal('online'), since: z.iso.datetime(), latency_ms: z.number().nullable() }),
    z.object({
      at: z.literal('waiting'),
      next_try_at: z.iso.datetime(),
      failed_step: connectStep,
      code: z.string(),
      message: z.string(),
    }),
    /** It does not try again by itself: replaced by a clone, revoked, or stopping. */
    z.object({ at: z.literal('stopped'), code: z.string(), message: z.string() }),
  ]),
  sessions: z.array(agentSession),
  updated_at: z.iso.datetime(),
});
export type AgentStatus = z.infer<typeof agentStatus>;

/** What the process that started the agent may tell it. */
export const agentCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('end-session'), session_id: z.string() }),
  /** The computer woke up, or its network changed: connect anew at once. */
  z.object({ type: z.literal('reconnect') }),
]);
export type AgentCommand = z.infer<typeof agentCommand>;
