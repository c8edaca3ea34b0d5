/** One program without a terminal: what it says, bounded, how it ends, and that nothing of it stays behind. */
import { execFile, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalMembers } from '../sessions/process-groups.ts';
import type { Command } from '../sessions/pty.ts';

export interface ProgramEnd {
  /** Null: it was never there. */
  readonly startFault: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly output: Buffer;
  /** There was more output. */
  readonly truncated: boolean;
}
export interface ProgramLimits {
  readonly outputBytes: number;
  /** What does not end by itself when it is told to is killed after this. Milliseconds. */
  readonly graceMs: number;
}

/** What it started in the background may still hold its output: not waited for longer. Milliseconds. */
const LAST_WORDS_MS = 300;

/** Runs until its end, or until the signal ends it and all of its process group. */
export async function runProgram(command: Command, limits: ProgramLimits, signal: AbortSignal): Promise<ProgramEnd> {
  const kept: Buffer[] = [];
  let room = limits.outputBytes;
  let truncated = false;
  const keep = (part: Buffer): void => {
    if (part.length > room) truncated = true;
    if (room > 0) kept.push(part.subarray(0, room));
    room = Math.max(0, room - part.length);
  };

  const isWindows = process.platform === 'win32';
  const child = spawn(command.file, [...command.args], {
    cwd: command.cwd,
    env: { ...command.env },
    detached: !isWindows, // a process group of its own
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const fault = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const closed = new AbortController();
  child.once('close', () => closed.abort());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const { pid } = child;
  if (pid === undefined) return { ...NOT_STARTED, startFault: await fault };

  let ending = Promise.resolve();
  const stop = (): void => {
    ending = isWindows ? endTree(pid) : endGroup(pid, limits.graceMs);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  await exited;
  if (!isWindows) signalMembers(pid, 'SIGHUP'); // as from a terminal that closes: what is meant to stay ignores it
  await sleep(LAST_WORDS_MS, undefined, { signal: closed.signal }).catch(() => undefined);
  signal.removeEventListener('abort', stop);
  await ending;
  child.stdout.destroy();
  child.stderr.destroy();
  const output = Buffer.concat(kept);
  return { startFault: null, exitCode: child.exitCode, signal: child.signalCode, output, truncated };
}

const NOT_STARTED = { exitCode: null, signal: null, output: Buffer.alloc(0), truncated: false };

/** Asks all of the group to end, and kills what is left after the grace. */
async function endGroup(leader: number, graceMs: number): Promise<void> {
  signalMembers(leader, 'SIGTERM');
  signalMembers(leader, 'SIGCONT');
  for (const until = performance.now() + graceMs; performance.now() < until; await sleep(20)) {
    if (!signalMembers(leader, 'SIGCONT')) return;
  }
  signalMembers(leader, 'SIGKILL');
}

async function endTree(pid: number): Promise<void> {
  await new Promise<void>((resolve) => {
    execFile('taskkill', ['/pid', String(pid), '/t', '/f'], () => resolve());
  });
}
