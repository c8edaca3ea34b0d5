/** Whether a process is still the one that was meant: numbers are given again, so its start counts too. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { promisify } from 'node:util';

export interface RunningProcess {
  readonly pid: number;
  /** What differs from any other process that had or will have this number; null where this system does not tell. */
  readonly start: string | null;
}

export async function thisProcess(platform: NodeJS.Platform): Promise<RunningProcess> {
  return { pid: process.pid, start: await startOf(process.pid, platform) };
}

export async function isRunning({ pid, start }: RunningProcess, platform: NodeJS.Platform): Promise<boolean> {
  if (!isThere(pid)) return false;
  return start === null || (await startOf(pid, platform)) === start;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // another person's
  }
}

async function startOf(pid: number, platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'linux') return linuxStart(pid);
  if (platform === 'win32') return null;
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }; // the same words for whoever asks
  const listed = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], { env }).catch(() => null);
  return listed === null ? null : listed.stdout.trim();
}

/** Ticks since this very boot: `starttime` of proc(5). */
async function linuxStart(pid: number): Promise<string | null> {
  const files = [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'];
  const [stat = '', boot = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined ? null : `${boot.trim()} ${ticks}`;
}
