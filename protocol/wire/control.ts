/** JSON control messages, one union per direction and leg. Text frames; binary frames are in frame.ts. */
import { z } from 'zod';

export const CLIENT_SUBPROTOCOL = 'webxterm.v1';
export const AGENT_SUBPROTOCOL = 'webxterm-agent.v1';
/** A text or binary message above this closes the socket that sent it. Bytes. */
export const MAX_MESSAGE = 1024 * 1024;
/** "Without limit" as a credit window: nobody holds the producer. */
export const NO_LIMIT = 2 ** 32 - 1;

const offset = z.int().min(0);
const channel = z.int().min(0).max(0xffff_ffff);
const window = z.int().min(0).max(NO_LIMIT);
export const cols = z.int().min(2).max(1000);
export const rows = z.int().min(1).max(1000);
const id = z.string().min(1).max(64);
const text = z.string().max(1024);
/** Escape sequences that set the terminal's modes. */
const modes = z.string().max(1024);
const size = { cols, rows };
const launch = { shell: z.string().max(256).optional(), cwd: z.string().max(4096).optional() };
const time = z.iso.datetime();
/** Counts what an agent keeps until the service has it. */
const seq = z.int().min(1);

export const attachMode = z.enum(['control', 'view']);
export type AttachMode = z.infer<typeof attachMode>;
export const machineRole = z.enum(['sudo', 'non-sudo']);
export type MachineRole = z.infer<typeof machineRole>;
/** Why a session is over. `exited`: the shell ended by itself; `agent-gone`: the agent restarted and lost it. */
export const endReason = z.enum(['exited', 'closed', 'expired', 'revoked', 'terminated', 'agent-gone', 'failed']);
export type EndReason = z.infer<typeof endReason>;
/** `taken`: another client controls now; `late`: input was too old; `fault`: a rule was broken, with a code. */
export const detachReason = z.enum(['taken', 'late', 'agent-away', 'fault']);
export type DetachReason = z.infer<typeof detachReason>;

const exit = {
  exit_code: z.int().nullable(),
  signal: z.string().max(16).optional(),
  reason: endReason,
  output_offset: offset,
};
const exitState = z.object(exit);
export type ExitState = z.infer<typeof exitState>;
const probed = {
  sent: offset,
  taken: offset,
  received: offset,
  ...size,
  exit: exitState.optional(),
};

/** Leg 1, client to service. */
export const fromClient = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), open_id: id, ...size, ...launch }),
  z.object({
    type: z.literal('attach'),
    n: z.int().min(1),
    session_id: id,
    client: id,
    mode: attachMode,
    take: z.boolean().optional(),
    want: offset.nullable(),
    consumed: offset.nullable(),
    window,
    ...size,
  }),
  z.object({ type: z.literal('resize'), ...size }),
  z.object({ type: z.literal('close') }),
  z.object({ type: z.literal('probe'), consumed: offset.nullable(), window, ...size }),
]);
export type FromClient = z.infer<typeof fromClient>;

/** Leg 1, service to client. */
export const toClient = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), session_id: id }),
  z.object({
    type: z.literal('attached'),
    n: z.int(),
    mode: attachMode,
    output_offset: offset,
    /** How many wanted bytes are gone; 0 when none. */
    truncated: offset,
    head: offset,
    input_offset: offset,
    answered_offset: offset,
    modes,
    ...size,
  }),
  z.object({ type: z.literal('waiting'), n: z.int() }),
  z.object({ type: z.literal('detached'), n: z.int(), reason: detachReason, code: z.string().max(64).optional() }),
  z.object({ type: z.literal('moved'), output_offset: offset, modes }),
  z.object({ type: z.literal('resized'), ...size, output_offset: offset }),
  z.object({ type: z.literal('probed'), ...probed }),
  z.object({ type: z.literal('exit'), ...exit }),
  /** `reason`: with `session-ended`, where it is known. */
  z.object({ type: z.literal('error'), code: z.string().max(64), message: text, reason: endReason.optional() }),
]);
export type ToClient = z.infer<typeof toClient>;

export const heartbeat = z.object({
  cpu_percent: z.number().min(0).max(100),
  memory_percent: z.number().min(0).max(100),
  disk_percent: z.number().min(0).max(100),
  network_rx_bytes: z.number().min(0),
  network_tx_bytes: z.number().min(0),
  uptime_seconds: z.number().min(0),
});
export type Heartbeat = z.infer<typeof heartbeat>;

export const helloSession = z.object({
  session_id: id,
  output_offset: offset,
  /** The client that had control last, null when none ever had. */
  client: id.nullable(),
  exited: z.boolean(),
});
export type HelloSession = z.infer<typeof helloSession>;

/** More of a command line is cut, and said so. Characters. */
export const MOST_COMMAND = 8192;
/** What is kept of the output of a command that the service sent. Bytes. */
export const MOST_EXEC_OUTPUT = 64 * 1024;
/** A command line that a client sends. Nothing that starts a program can hold NUL. */
export const execCommand = z
  .string()
  .min(1)
  .max(MOST_COMMAND)
  .refine((line) => !line.includes('\0'), 'cannot hold NUL');
export const execTimeoutS = z.int().min(1).max(3600);

/** How a line came to be known. `shell`: the shell said it; `typed`: it was typed, and shown; `exec`: the service sent it. */
export const captured = z.enum(['shell', 'typed', 'exec']);
export type Captured = z.infer<typeof captured>;
/**
 * How a command that the service sent ended. `stopped`: the agent ended; `revoked`: the service ended it, the right to it was gone;
 * `refused`: it never ran, `code` says why. With `timed-out`, `stopped` and `revoked`, `code` may be `still-running`.
 */
export const execEnd = z.enum(['done', 'timed-out', 'stopped', 'revoked', 'refused']);
/** It was to end, and something of its process group may run on: the agent may not end what is root's. */
export const STILL_RUNNING = 'still-running';
/** What an agent can do beyond the first version of the protocol. `exec-end`: it knows `exec_end`. */
export const EXEC_END = 'exec-end';

export const commandReport = z.object({
  type: z.literal('command'),
  seq,
  session_id: id,
  command: z.string().max(MOST_COMMAND),
  /** It was longer. */
  cut: z.boolean().optional(),
  /** So many before it were forgotten: the service was away for too long. */
  missed: z.int().min(1).optional(),
  exit_code: z.int().nullable(),
  started_at: time,
  ended_at: time.nullable(),
  cwd: z.string().max(4096).nullable(),
  captured: captured.exclude(['exec']),
});
export type CommandReport = z.infer<typeof commandReport>;
export const execResult = z.object({
  type: z.literal('exec_result'),
  seq,
  command_id: id,
  state: execEnd,
  code: z.string().max(64).optional(),
  exit_code: z.int().nullable(),
  signal: z.string().max(16).optional(),
  /** Both outputs as they came; bytes that are no UTF-8 are replaced. */
  output: z.string().max(MOST_EXEC_OUTPUT),
  /** There was more. */
  truncated: z.boolean(),
  started_at: time,
  ended_at: time,
});
export type ExecResult = z.infer<typeof execResult>;

const agentGoodbyeReason = z.enum(['stopping', 'unregistered']);
const serviceGoodbyeReason = z.enum(['replaced', 'stopping', 'revoked', 'busy', 'unauthorized', 'unsupported']);

/** Leg 2, agent to service. */
export const fromAgent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    agent_id: id,
    boot_id: id,
    signature: z.base64url().max(128),
    agent_version: z.string().max(64),
    protocol: z.int().min(1),
    hostname: z.string().max(255),
    os: z.string().max(128),
    arch: z.string().max(32),
    sessions: z.array(helloSession).max(10_000),
    /** The service's commands that it runs, or has the result of. */
    commands: z.array(id).max(10_000).optional(),
    capabilities: z.array(id).max(64).optional(),
  }),
  z.object({ type: z.literal('opened'), session_id: id }),
  z.object({ type: z.literal('refused'), session_id: id, code: z.string().max(64), message: text.optional() }),
  z.object({
    type: z.literal('attached'),
    channel,
    output_offset: offset,
    /** The first byte that can still be had: a checkpoint. */
    oldest: offset,
    head: offset,
    input_offset: offset,
    answered_offset: offset,
    modes,
    ...size,
  }),
  z.object({ type: z.literal('unknown-session'), session_id: id, channel }),
  z.object({
    type: z.literal('detached'),
    channel,
    reason: z.enum(['late', 'fault']),
    code: z.string().max(64).optional(),
  }),
  z.object({ type: z.literal('moved'), channel, output_offset: offset, modes }),
  z.object({ type: z.literal('resized'), channel, ...size, output_offset: offset }),
  z.object({ type: z.literal('probed'), channel, ...probed }),
  z.object({ type: z.literal('exit'), channel, ...exit }),
  /** `output_offset`: one beyond the last byte there ever was, sent or not. */
  z.object({
    type: z.literal('ended'),
    session_id: id,
    reason: endReason,
    output_offset: offset.optional(),
  }),
  heartbeat.extend({ type: z.literal('heartbeat') }),
  commandReport,
  execResult,
  z.object({ type: z.literal('goodbye'), reason: agentGoodbyeReason, retry_after_s: z.number().optional() }),
]);
export type FromAgent = z.infer<typeof fromAgent>;

/** Leg 2, service to agent. */
export const toAgent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('challenge'), nonce: z.string().min(16).max(128) }),
  z.object({
    type: z.literal('welcome'),
    heartbeat_s: z.number().min(0.05).max(3600),
    reconnect_spread_s: z.number().min(0).max(3600),
    config: z.object({ linux_user: z.string().max(64).nullable() }),
  }),
  z.object({
    type: z.literal('open'),
    session_id: id,
    user_id: id,
    username: z.string().max(64),
    source: z.string().max(32),
    machine_role: machineRole,
    ...launch,
    ...size,
    ttl_s: z.number().min(1),
  }),
  z.object({
    type: z.literal('attach'),
    session_id: id,
    channel,
    mode: z.enum(['control', 'view', 'record']),
    client: id.optional(),
    want: offset.nullable(),
    /** Where the channel's output is to start; null: at the oldest byte there is. */
    from: offset.nullable(),
    consumed: offset.nullable(),
    window,
    ...size,
  }),
  z.object({ type: z.literal('detach'), channel }),
  z.object({ type: z.literal('resize'), channel, ...size }),
  z.object({ type: z.literal('probe'), channel, ...size }),
  z.object({ type: z.literal('close'), session_id: id, reason: endReason }),
  /** Repeated with the same id it runs once. */
  z.object({
    type: z.literal('exec'),
    command_id: id,
    command: execCommand,
    timeout_s: execTimeoutS,
    machine_role: machineRole,
  }),
  /**
   * Ends it and all of its process group, as far as the agent can: the result says where it could not. Only to agents that said
   * `exec-end`; one that does not run is none of its business.
   */
  z.object({ type: z.literal('exec_end'), command_id: id }),
  /** All reports up to this one are stored. */
  z.object({ type: z.literal('received'), seq }),
  z.object({ type: z.literal('config'), linux_user: z.string().max(64).nullable() }),
  z.object({ type: z.literal('error'), code: z.string().max(64), message: text }),
  z.object({
    type: z.literal('goodbye'),
    reason: serviceGoodbyeReason,
    message: text.optional(),
    retry_after_s: z.number().min(0).optional(),
  }),
]);
export type ToAgent = z.infer<typeof toAgent>;

/** What an agent signs to prove who it is: bound to the host it dialled, so a relayed challenge is worth nothing. */
export function challengeText(host: string, agentId: string, nonce: string): string {
  return [AGENT_SUBPROTOCOL, host, agentId, nonce].join('\n');
}
