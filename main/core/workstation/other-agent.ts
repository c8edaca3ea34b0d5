/** An agent of this computer that another program started: whether it lives, and how it is ended. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface OtherAgent {
  /** Whether this process is there and is an agent: the number may have gone to another one meanwhile. */
  isAlive(pid: number): boolean;
  /** True when it is gone. */
  stop(pid: number): Promise<boolean>;
  /** Tells when it is gone, unless the signal comes first. */
  onGone(pid: number, gone: () => void, signal: AbortSignal): void;
}

const STOP_WITHIN_MS = 8_000;
/** No event tells that a process of others is gone: looked for often while it is told to go, else now and then. */
const LOOK_SOON_MS = 100;
const LOOK_LATER_MS = 3_000;

export function createOtherAgent(platform: NodeJS.Platform): OtherAgent {
  const isAlive = (pid: number): boolean => signal(pid, 0) && (platform !== 'linux' || isAgent(pid));
  return {
    isAlive,
    async stop(pid) {
      if (isAlive(pid)) signal(pid, 'SIGTERM');
      for (let waited = 0; waited < STOP_WITHIN_MS && isAlive(pid); waited += LOOK_SOON_MS) await delay(LOOK_SOON_MS);
      return !isAlive(pid);
    },
    onGone(pid, gone, ended) {
      const timer = setInterval(() => {
        if (isAlive(pid)) return;
        clearInterval(timer);
        gone();
      }, LOOK_LATER_MS);
      ended.addEventListener('abort', () => clearInterval(timer), { once: true });
    },
  };
}

function signal(pid: number, how: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, how);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // it is there, but not ours
  }
}

function isAgent(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('webxterm-agent');
  } catch {
    return false;
  }
}
