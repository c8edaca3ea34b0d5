/** `start`: runs the agent in the foreground until it is told to stop. */
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

async function runUntilStopped(folder: string, program: Program): Promise<ExitCode> {
  const loaded = await loadConfig(folder, program.now());
  if (!loaded.ok) return fail(program, EXIT.notConfigured, loaded.message);
  const stopped = new AbortController();
  const stop = () => {
    if (stopped.signal.aborted) process.exit(EXIT.failed); // asked twice: whoever asks does not want to wait
    stopped.abort();
  };
  const parent = findParent();
  const agent = await runAgent({ ...program, folder, config: loaded.config, tell: (status) => parent?.tell(status) });

  stopped.signal.addEventListener('abort', () => agent.obey({ type: 'stop' }));
  parent?.listen({ command: agent.obey, gone: stop });
  for (const signal of SIGNALS) process.on(signal, stop);
  const alive = setInterval(() => undefined, 2 ** 30); // one that stays away has nothing else that keeps it
  const code = await agent.finished;
  clearInterval(alive);
  for (const signal of SIGNALS) process.off(signal, stop);
  parent?.leave();
  return code;
}
