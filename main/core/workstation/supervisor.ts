/** Keeps this computer's agent running as long as it should: started, watched, started again after a crash. */
import type { AgentCommand, AgentStatus } from '../../../protocol/agent/status.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import { HEALTHY_AFTER_MS } from '../../../protocol/wire/backoff.ts';
import type { AgentProcess } from '../../host/host.ts';
import type { Log } from '../log/log.ts';
import { desktopFailure } from '../outcome.ts';
import { variable, type Watched } from '../variable.ts';

export interface Supervised {
  /** `resting`: it ended by itself and is started again in a while. */
  readonly at: 'off' | 'starting' | 'running' | 'resting';
  readonly status: AgentStatus | null;
  /** Why it is not running though it should be. */
  readonly failure: Failure | null;
}
export interface Supervisor {
  readonly state: Watched<Supervised>;
  start(): void;
  /** Done when its process is gone. */
  stop(): Promise<void>;
  send(command: AgentCommand): void;
}
interface SupervisorParts {
  readonly launch: () => AgentProcess;
  readonly log: Log;
  readonly now: () => number;
  readonly backoff: (attempt: number) => number;
}

/** An agent says goodbye to its shells first. */
const STOP_WITHIN_MS = 5_000;
const MAX_DETAIL = 1_000;
/** Exit codes of the agent after which starting it again is no use: not configured, and removed by the server. */
const FINAL_EXITS: readonly (number | null)[] = [3, 5];

export function createSupervisor(parts: SupervisorParts): Supervisor {
  const state = variable<Supervised>({ at: 'off', status: null, failure: null });
  let agent: AgentProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let attempt = 0;

  const launch = (): void => {
    const started = parts.launch();
    const startedAt = parts.now();
    agent = started;
    state.set({ ...state.value, at: 'starting', status: null });
    started.onStatus((status) => {
      if (agent === started) state.set({ at: 'running', status, failure: null });
    });
    void watchEnd(started, startedAt);
  };
  const watchEnd = async (started: AgentProcess, startedAt: number): Promise<void> => {
    const { code, stderr } = await started.exited;
    if (agent !== started) return;
    agent = null;
    if (parts.now() - startedAt >= HEALTHY_AFTER_MS) attempt = 0;
    ended(code, stderr);
  };
  const ended = (code: number | null, stderr: string): void => {
    const failure = failureOf(state.value.status, code, stderr);
    parts.log.warn({ code, detail: failure.detail }, 'the agent ended by itself');
    if (FINAL_EXITS.includes(code) || isFinal(state.value.status)) {
      state.set({ at: 'off', status: null, failure });
      return;
    }
    timer = setTimeout(launch, parts.backoff(attempt));
    attempt += 1;
    state.set({ at: 'resting', status: null, failure });
  };
  const rest = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    state,
    start() {
      if (agent !== null) return;
      rest();
      attempt = 0;
      state.set({ at: 'starting', status: null, failure: null });
      launch();
    },
    async stop() {
      rest();
      const stopping = agent;
      agent = null;
      if (stopping !== null) await end(stopping);
      state.set({ at: 'off', status: null, failure: null });
    },
    send: (command) => agent?.send(command),
  };
}

async function end(agent: AgentProcess): Promise<void> {
  agent.send({ type: 'stop' });
  const late = setTimeout(() => agent.kill(), STOP_WITHIN_MS);
  await agent.exited;
  clearTimeout(late);
}

/** It was told not to come back: replaced by a clone, or revoked. */
const isFinal = (status: AgentStatus | null): boolean => status?.link.at === 'stopped';

function failureOf(status: AgentStatus | null, code: number | null, stderr: string): Failure {
  if (status?.link.at === 'stopped') {
    return { ...desktopFailure('agent-failed', status.link.code), message: status.link.message };
  }
  const how = code === null ? 'It was ended by a signal.' : `It ended with code ${code}.`;
  return desktopFailure('agent-failed', `${how} ${stderr.trim().slice(-MAX_DETAIL)}`.trim());
}
