/** The commands that the service sends: each runs once, as whom and with the rights a shell would have, and is ended in time. */
import { MOST_EXEC_OUTPUT, STILL_RUNNING, type ExecResult, type ToAgent } from '../../protocol/wire/control.ts';
import type { NewResult } from '../outbox.ts';
import type { LaunchPlan, LaunchWish } from '../sessions/launch.ts';
import type { ProgramEnd, ProgramLimits, runProgram } from './program.ts';

type Exec = Extract<ToAgent, { type: 'exec' }>;

export interface Executions {
  /** One that is repeated is the same one. */
  receive(exec: Exec): void;
  /** The right to it is gone. One that does not run stays as it is. */
  revoke(commandId: string): void;
  /** Those that run now. */
  running(): string[];
  /** Ends all, and waits until each has ended or cannot be made to, and each result was told. */
  endAll(): Promise<void>;
}
interface Parts {
  readonly plan: (wish: LaunchWish) => Promise<LaunchPlan>;
  readonly run: typeof runProgram;
  readonly report: (result: NewResult) => void;
  /** Milliseconds of the wall clock. */
  readonly now: () => number;
  readonly graceMs: number;
  /** For what ran `sudo`. Null: this agent may signal everybody. */
  readonly killAsRoot: ProgramLimits['killAsRoot'];
}

/** More of them at once are a fault somewhere. */
const MOST_AT_ONCE = 32;
/** So many that were begun are remembered, so that none begins twice. */
const MOST_REMEMBERED = 4096;

type Why = 'timed-out' | 'stopped' | 'revoked';

export function createExecutions(parts: Parts): Executions {
  const begun = new Set<string>();
  const running = new Map<string, { readonly ended: Promise<void>; readonly stop: (why: Why) => void }>();

  function begin(exec: Exec): void {
    const stopping = new AbortController();
    let why: Why | null = null;
    const stop = (reason: Why): void => {
      why ??= reason;
      stopping.abort();
    };
    const ended = execute(exec, stopping.signal, stop)
      .then((outcome) => parts.report({ ...outcome, ...(why !== null && outcome.state === 'done' && { state: why }) }))
      .finally(() => running.delete(exec.command_id));
    running.set(exec.command_id, { ended, stop });
  }

  async function execute(exec: Exec, signal: AbortSignal, stop: (why: Why) => void): Promise<NewResult> {
    const startedAt = parts.now();
    const result = (end: Partial<ExecResult>): NewResult => ({
      command_id: exec.command_id,
      state: 'done',
      exit_code: null,
      output: '',
      truncated: false,
      started_at: new Date(startedAt).toISOString(),
      ended_at: new Date(parts.now()).toISOString(),
      ...end,
    });
    if (running.size >= MOST_AT_ONCE) return result({ state: 'refused', code: 'too-many-commands' });
    const plan = await parts.plan({ machine_role: exec.machine_role, command: exec.command });
    if (!plan.ok) return result({ state: 'refused', code: plan.code, output: plan.message });
    const timer = setTimeout(() => stop('timed-out'), exec.timeout_s * 1000);
    const killAsRoot = plan.role === 'sudo' ? parts.killAsRoot : null;
    const limits = { outputBytes: MOST_EXEC_OUTPUT, graceMs: parts.graceMs, killAsRoot };
    const end = await parts.run(plan.command, limits, signal).finally(() => clearTimeout(timer));
    if (end.startFault !== null) return result({ state: 'refused', code: 'start-failed', output: end.startFault });
    return result(outcomeOf(end));
  }

  return {
    receive(exec) {
      if (begun.has(exec.command_id)) return;
      begun.add(exec.command_id);
      for (const oldest of begun) if (begun.size > MOST_REMEMBERED) begun.delete(oldest);
      begin(exec);
    },
    revoke: (commandId) => running.get(commandId)?.stop('revoked'),
    running: () => [...running.keys()],
    async endAll() {
      const all = [...running.values()];
      for (const { stop } of all) stop('stopped');
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

function outcomeOf({ exitCode, signal, output, truncated, left }: ProgramEnd): Partial<ExecResult> {
  // Never longer in characters than in bytes; what is cut in the midst of a character ends with a replacement.
  return {
    ...(left && { code: STILL_RUNNING }),
    exit_code: exitCode,
    ...(signal !== null && { signal }),
    output: output.toString('utf8'),
    truncated,
  };
}
