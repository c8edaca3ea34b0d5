/** The running agent, composed: sessions, the link that carries them, and what tells how it is. */
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import type { AgentCommand, AgentStatus } from '../protocol/agent/status.ts';
import { createAnnouncer } from './announce.ts';
import type { AgentConfig } from './config/config.ts';
import { createConnect } from './connect.ts';
import { describeSystem } from './describe-system.ts';
import { createExecutions } from './exec/executions.ts';
import { killAsRoot } from './exec/kill-as-root.ts';
import { runProgram } from './exec/program.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { figuresOf } from './figures.ts';
import { createMeasure } from './heartbeat.ts';
import { keepConnected } from './link/keeper.ts';
import { networkNow, pause, sleepUntil } from './link/pause.ts';
import { createOutbox } from './outbox.ts';
import { createExchange } from './sessions/exchange.ts';
import { createSessionHost } from './sessions/host.ts';
import { planLaunch, type LaunchWish } from './sessions/launch.ts';
import { createStartPty } from './sessions/start-pty.ts';
import { createLaunchSystem } from './sessions/system.ts';
import { createStatusBoard } from './status.ts';

export interface RunParts {
  readonly folder: string;
  readonly config: AgentConfig;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line for who watches: it works. */
  readonly say: (line: string) => void;
  /** A line for who watches: it does not. */
  readonly complain: (line: string) => void;
  /** To the process that started it. */
  readonly tell: (status: AgentStatus) => void;
}
export interface RunningAgent {
  /** When nothing of it runs any more. */
  readonly finished: Promise<ExitCode>;
  readonly obey: (command: AgentCommand) => void;
}

/** A shell that does not end by its hang-up is killed after this. Milliseconds. */
const GRACE_MS = 2_000;

const moment = () => ({ monotonic: performance.now(), wall: Date.now() });

export async function runAgent(parts: RunParts): Promise<RunningAgent> {
  const { config, platform, env } = parts;
  const { host, name } = config;
  const launchSystem = createLaunchSystem(platform, env);
  let serverLinuxUser: string | null = null;

  const outbox = createOutbox();
  const plan = async (wish: LaunchWish) =>
    planLaunch(wish, { linuxUser: config.linux_user, serverLinuxUser, allowSudo: config.allow_sudo }, launchSystem);
  const executions = createExecutions({
    plan,
    run: runProgram,
    report: (result) => outbox.result(result),
    now: Date.now,
    graceMs: GRACE_MS,
    killAsRoot: launchSystem.own.uid === 0 ? null : killAsRoot,
  });
  const sessions = createSessionHost({
    exchange: createExchange(),
    startPty: createStartPty(platform),
    plan,
    moment,
    changed: () => board.sessionsChanged(),
    report: (command) => outbox.command(command),
    graceMs: GRACE_MS,
  });
  const board = createStatusBoard({
    folder: parts.folder,
    about: { pid: process.pid, version: parts.version, host, agent_id: config.agent_id, name },
    sessions: () => sessions.list(),
    tell: parts.tell,
    unwritable: (error) => parts.complain(`The status cannot be written: ${String(error)}`),
    now: Date.now,
  });
  const announce = createAnnouncer({ host, name, say: parts.say, complain: parts.complain });
  const connect = createConnect({
    config,
    version: parts.version,
    bootId: randomUUID(),
    system: await describeSystem(platform),
    platform,
    env,
    sessions,
    executions,
    outbox,
    measure: createMeasure(figuresOf(platform, env)),
    moment,
    linuxUser: (wished) => {
      serverLinuxUser = wished;
    },
  });
  const keeper = keepConnected({
    connect,
    pause: (delay, signal) => pause(delay, { moment, network: networkNow, sleep: sleepUntil }, signal),
    tell: (state) => {
      board.link(state);
      announce(state);
    },
    now: Date.now,
    random: Math.random,
  });

  const endAll = async () => Promise.all([sessions.endAll(), executions.endAll()]);
  const finish = async (): Promise<ExitCode> => {
    const { why } = await keeper.finished;
    await endAll();
    await board[Symbol.asyncDispose]();
    return why === 'left' ? EXIT.done : EXIT.revoked;
  };
  return {
    finished: finish(),
    obey: (command) => {
      switch (command.type) {
        case 'stop':
          void endAll().then(() => keeper.leave('stopping')); // the service hears of each end first
          return;
        case 'end-session':
          sessions.end(command.session_id);
          return;
        case 'reconnect':
          keeper.reconnect();
          return;
      }
    },
  };
}
