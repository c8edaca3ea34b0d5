/** One program without a terminal: what it says, bounded, how it ends, and whether something of it could not be made to. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DYING_MS, signalMembers, type Found } from '../sessions/process-groups.ts';
import type { Command } from '../sessions/pty.ts';

export interface ProgramEnd {
  /** Null: it was never there. */
  readonly startFault: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly output: Buffer;
  /** There was more output. */
  readonly truncated: boolean;
  /** It was told to end, and something of its process group may run on. */
  readonly left: boolean;
}
export interface ProgramLimits {
  readonly outputBytes: number;
  /** What does not end by itself when it is told to is killed after this. Milliseconds. */
  readonly graceMs: number;
  /** For what this process may not signal: whether all of the group was killed. Null: nothing of it can have become root. */
  readonly killAsRoot: ((group: number) => Promise<boolean>) | null;
}

/** What it started in the background may still hold its output: not waited for longer. Milliseconds. */
const LAST_WORDS_MS = 300;
const TASKKILL_MS = 5000;

/** Runs until its end, or until the signal ends it and its process group; what does not let itself be ended is left. */
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
  const over = new AbortController();
  child.once('exit', () => over.abort());
  const closed = new AbortController();
  child.once('close', () => closed.abort());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const { pid } = child;
  if (pid === undefined) return { ...NOT_STARTED, startFault: await fault };

  let ending = Promise.resolve(true);
  const stop = (): void => {
    ending = isWindows ? endTree(pid) : endGroup(pid, limits);
    void ending.then(async () => sleep(DYING_MS, undefined, { ref: false })).then(() => over.abort());
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  await once(over.signal, 'abort');
  if (!isWindows) signalMembers(pid, 'SIGHUP'); // as from a terminal that closes: what is meant to stay ignores it
  await sleep(LAST_WORDS_MS, undefined, { signal: closed.signal }).catch(() => undefined);
  signal.removeEventListener('abort', stop);
  const { exitCode, signalCode } = child;
  const left = !(await ending) || (exitCode === null && signalCode === null);
  child.unref();
  child.stdout.destroy();
  child.stderr.destroy();
  const output = Buffer.concat(kept);
  return { startFault: null, exitCode, signal: signalCode, output, truncated, left };
}

const NOT_STARTED = { exitCode: null, signal: null, output: Buffer.alloc(0), truncated: false, left: false };

/** Asks all of the group to end, and kills what is left after the grace. False: something is there that it could not kill. */
async function endGroup(leader: number, { graceMs, killAsRoot }: ProgramLimits): Promise<boolean> {
  signalMembers(leader, 'SIGTERM');
  if ((await signalUntil(leader, 'SIGCONT', graceMs)) === 'nobody') return true;
  const found = await signalUntil(leader, 'SIGKILL', DYING_MS);
  if (found === 'nobody') return true;
  if (killAsRoot === null) return found === 'somebody'; // all had it: dead, and not yet buried
  return (await killAsRoot(leader)) || signalMembers(leader, 'SIGKILL') === 'nobody';
}

/** Again and again, until nobody is left or the time is over. */
async function signalUntil(leader: number, signal: NodeJS.Signals, ms: number): Promise<Found> {
  for (const until = performance.now() + ms; ; await sleep(20)) {
    const found = signalMembers(leader, signal);
    if (found === 'nobody' || performance.now() >= until) return found;
  }
}

async function endTree(pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('taskkill', ['/pid', String(pid), '/t', '/f'], { timeout: TASKKILL_MS }, () => resolve(true));
  });
}
