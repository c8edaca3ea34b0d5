/** What a target holds in memory when nobody does anything, and what each idle session adds. Bytes. */
import { setTimeout as pause } from 'node:timers/promises';
import { memoryOf } from '../processes.ts';
import type { Shell, Target } from '../shell.ts';
import { prepare } from './prompt.ts';

const SESSIONS = 20;
const SETTLE_MS = 2000;

export interface Memory {
  readonly idle: number;
  readonly perSession: number;
}

/** `carriers`: the processes that count now; some targets start one for each session. */
export async function memory(target: Target, carriers: () => Promise<readonly number[]>): Promise<Memory> {
  await pause(SETTLE_MS);
  const idle = await total(await carriers());
  const shells: Shell[] = [];
  for (let i = 0; i < SESSIONS; i += 1) {
    const shell = await target.open();
    await prepare(shell);
    shells.push(shell);
  }
  await pause(SETTLE_MS);
  const used = await total(await carriers());
  await Promise.all(shells.map((shell) => shell[Symbol.asyncDispose]()));
  return { idle, perSession: (used - idle) / SESSIONS };
}

/** Together, in bytes. */
export async function total(pids: readonly number[]): Promise<number> {
  const each = await Promise.all(pids.map(memoryOf));
  return each.reduce((sum, bytes) => sum + bytes, 0);
}
