/** `unregister`: stops the agent, tells the service, forgets the key. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG_FILE, STATUS_FILE } from '../../protocol/agent/folder.ts';
import { loadConfig, type AgentConfig } from '../config/config.ts';
import { takeLock, findHolder } from '../config/lock.ts';
import { createConnect } from '../connect.ts';
import { describeSystem } from '../describe-system.ts';
import { createExecutions } from '../exec/executions.ts';
import { runProgram } from '../exec/program.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { figuresOf } from '../figures.ts';
import { createMeasure } from '../heartbeat.ts';
import { isRunning, type RunningProcess } from '../running-process.ts';
import { createOutbox, type NewResult } from '../outbox.ts';
import { createExchange } from '../sessions/exchange.ts';
import { createSessionHost } from '../sessions/host.ts';
import type { LaunchPlan } from '../sessions/launch.ts';
import { createStartPty } from '../sessions/start-pty.ts';
import { fail, type Program } from './program.ts';

/** A running agent ends its shells first. Milliseconds. */
const STOPPING_MS = 10_000;
/** A server that cannot be reached is not waited for. Milliseconds. */
const TELLING_MS = 5_000;

export async function unregister(folder: string, program: Program): Promise<ExitCode> {
  const loaded = await loadConfig(folder, program.now());
  if (!loaded.ok && loaded.code !== 'config-corrupt') return fail(program, EXIT.notConfigured, loaded.message);
  const holder = await findHolder(folder, program.platform);
  if (holder !== null && !(await stop(holder, program.platform))) {
    return fail(program, EXIT.failed, `The running agent (process ${holder.pid}) does not end. Nothing was changed.`);
  }
  const locked = await takeLock(folder, program.platform);
  if (!locked.ok) return fail(program, EXIT.alreadyRunning, `An agent was started meanwhile (process ${locked.pid}).`);
  try {
    if (loaded.ok) await sayGoodbye(loaded.config, program);
    await Promise.all([CONFIG_FILE, STATUS_FILE].map((file) => rm(path.join(folder, file), { force: true })));
  } finally {
    await locked.release();
  }
  program.say('This computer is not registered any more: its key is forgotten.');
  if (loaded.ok) {
    const { name, host } = loaded.config;
    program.say(`The machine ${name} stays in the list of ${host} until its owner or an admin deletes it there.`);
  }
  return EXIT.done;
}

async function stop(holder: RunningProcess, platform: NodeJS.Platform): Promise<boolean> {
  process.kill(holder.pid, 'SIGTERM');
  const until = performance.now() + STOPPING_MS;
  while (performance.now() < until) {
    if (!(await isRunning(holder, platform))) return true;
    await sleep(50); // no event tells the end of a process that is not one's child
  }
  return false;
}

const LEAVING: LaunchPlan = { ok: false, code: 'role-not-enforceable', message: 'This machine is leaving.' };
const plan = () => Promise.resolve(LEAVING);

/** The service then knows at once. Where it cannot be told, it sees the agent offline. */
async function sayGoodbye(config: AgentConfig, program: Program): Promise<void> {
  const moment = () => ({ monotonic: performance.now(), wall: program.now() });
  const sessions = createSessionHost({
    exchange: createExchange(),
    startPty: createStartPty(program.platform),
    plan,
    moment,
    changed: () => undefined,
    report: () => undefined,
    graceMs: 0,
  });
  const outbox = createOutbox();
  const report = (result: NewResult) => outbox.result(result);
  const executions = createExecutions({
    plan,
    run: runProgram,
    report,
    now: program.now,
    graceMs: 0,
    killAsRoot: null,
  });
  const connect = createConnect({
    config,
    version: program.version,
    bootId: randomUUID(),
    system: await describeSystem(program.platform),
    platform: program.platform,
    env: program.env,
    sessions,
    executions,
    outbox,
    measure: createMeasure(figuresOf(program.platform, program.env)),
    moment,
    linuxUser: () => undefined,
  });
  const made = await connect({ online: () => leave(), latency: () => undefined });
  if ('end' in made) return;
  const leave = () => made.link.leave('unregistered');
  const late = setTimeout(made.link.cut, TELLING_MS);
  await made.link.ended;
  clearTimeout(late);
}
