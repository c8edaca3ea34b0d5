/** What the main process tells every window. A listener gets the present state first, then each change. */
import { z } from 'zod';
import { agentStatus } from '../agent/status.ts';
import { machine } from '../api/machines.ts';
import { session } from '../api/terminals.ts';
import { agentId, portalRole, sessionId, time } from '../api/values.ts';
import { failure } from './failure.ts';
import { accountId, terminalId } from './ids.ts';
import { settings } from './settings.ts';
import { organization, signIn } from './sign-in.ts';

/** `expired`: the person has to sign in again; what was known is still shown. */
export const account = z.object({
  account: accountId,
  address: z.string(),
  user_id: z.string(),
  username: z.string(),
  email: z.string(),
  organization: z.string(),
  tenant_id: z.string(),
  /** What its sign-in reaches, this organization too, as the server said last. */
  reaches: z.array(organization),
  role: portalRole,
  state: z.enum(['connecting', 'online', 'offline', 'expired']),
  /** Why it is offline or expired. */
  failure: failure.optional(),
  next_try_at: time.optional(),
  latency_ms: z.number().nullable(),
});
export type Account = z.infer<typeof account>;

/** `stale`: last known, from `as_of`; the server cannot be asked now. */
const freshness = { load: z.enum(['loading', 'live', 'stale']), as_of: time.nullable() };

export const terminalState = z.discriminatedUnion('at', [
  /** Its session is being opened. */
  z.object({ at: z.literal('opening') }),
  z.object({ at: z.literal('attached'), mode: z.enum(['control', 'view']) }),
  /** The link is cut: nothing is lost, the next try is known. */
  z.object({ at: z.literal('reconnecting'), next_try_at: time.nullable(), why: failure.optional() }),
  /** The machine itself is away; goes on by itself when it is back. */
  z.object({ at: z.literal('machine-away') }),
  z.object({
    at: z.literal('ended'),
    exit_code: z.int().nullable(),
    signal: z.string().optional(),
    reason: z.string(),
    duration_ms: z.number(),
  }),
  /** It could not be opened. */
  z.object({ at: z.literal('failed'), failure }),
  /** Closed by the person, can be taken back for a moment. */
  z.object({ at: z.literal('closing') }),
]);
export type TerminalState = z.infer<typeof terminalState>;

export const terminal = z.object({
  terminal: terminalId,
  account: accountId,
  agent_id: agentId,
  machine_name: z.string(),
  session_id: sessionId.nullable(),
  title: z.string(),
  started_at: time,
  state: terminalState,
});
export type Terminal = z.infer<typeof terminal>;

export const workstation = z.object({
  state: z.enum(['off', 'registering', 'stopped', 'starting', 'running', 'leaving']),
  /** Who runs the agent: this app, or another program on this computer. */
  run_by: z.enum(['desktop', 'other']).nullable(),
  account: accountId.nullable(),
  host: z.string().nullable(),
  agent_id: z.string().nullable(),
  name: z.string().nullable(),
  status: agentStatus.nullable(),
  failure: failure.nullable(),
});
export type Workstation = z.infer<typeof workstation>;

export const notice = z.object({
  id: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  code: z.string(),
  message: z.string(),
  detail: z.string().optional(),
});
export type Notice = z.infer<typeof notice>;

export const events = {
  'accounts.changed': z.object({ active: accountId.nullable(), last_address: z.string(), accounts: z.array(account) }),
  /** The one on its way, or how the last one ended. */
  'sign-in.changed': signIn.nullable(),
  /** Per account. `changed` and `removed` add to what was told before; `replace` throws that away first. */
  'machines.changed': z.object({
    account: accountId,
    ...freshness,
    replace: z.boolean(),
    changed: z.array(machine),
    removed: z.array(agentId),
  }),
  'sessions.changed': z.object({
    account: accountId,
    ...freshness,
    replace: z.boolean(),
    changed: z.array(session),
    removed: z.array(sessionId),
  }),
  'terminals.changed': z.array(terminal),
  'workstation.changed': workstation,
  'settings.changed': settings,
  'notices.changed': z.array(notice),
  /** The host asks the window to do an action by its id: a menu, a tray or a link was used. */
  'actions.requested': z.object({ action: z.string() }),
} as const;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventOf<N extends EventName> = z.output<Events[N]>;
