/** `start`: runs the agent in the foreground until it is told to stop. */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { loadConfig } from '../config/config.ts';
import { takeLock } from '../config/lock.ts';
import { preparePrivateFolder } from '../config/private-file.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findParent } from '../parent.ts';
import { runAgent } from '../run.ts';
import { fail, type Program } from './program.ts';

export async function start(folder: string, program: Program): Promise<ExitCode> {
  const prepared = await preparePrivateFolder(folder);
  if (!prepared.ok) return fail(program, EXIT.notConfigured, prepared.message);
  const locked = await takeLock(folder, program.platform);
  if (!locked.ok) {
    return fail(program, EXIT.alreadyRunning, `An agent already runs from ${folder} (process ${locked.pid}).`);
  }
  try {
    return await runUntilStopped(folder, program);
  } finally {
    await locked.release();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A shell that became root and ignores its hang-up would keep the process for as long as it runs. Milliseconds. */
const LINGER_MS = 1_000;

async function runUntilStopped(folder: string, program: Program): Promise<ExitCode> {
  const loaded = await loadConfig(folder, program.now());
  if (!loaded.ok) return fail(program, EXIT.notConfigured, loaded.message);
  const stopping = new AbortController();
  const onSignal = createImpatience(() => stopping.abort());
  const parent = findParent();
  const agent = await runAgent({ ...program, folder, config: loaded.config, tell: (status) => parent?.tell(status) });

  stopping.signal.addEventListener('abort', () => agent.obey({ type: 'stop' }));
  parent?.listen({ command: agent.obey, gone: () => stopping.abort() });
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const alive = setInterval(() => undefined, 2 ** 30); // one that stays away has nothing else that keeps it
  const code = await agent.finished;
  clearInterval(alive);
  for (const signal of SIGNALS) process.off(signal, onSignal);
  parent?.leave();
  setTimeout(() => process.exit(code), LINGER_MS).unref();
  return code;
}

/** One Ctrl-C reaches a process twice: by the terminal, and by who started it. A later one is a person who does not want to wait. */
const SAME_MS = 1_000;

function createImpatience(stop: () => void): () => void {
  let first: number | null = null;
  return () => {
    first ??= performance.now();
    if (performance.now() - first > SAME_MS) process.exit(EXIT.failed);
    stop();
  };
}
