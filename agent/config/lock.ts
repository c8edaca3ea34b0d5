/**
 * One agent a folder. The lock names its holder, so a holder that was killed holds nothing: there is nothing to wait for and
 * nothing to clean up by hand.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { isRunning, thisProcess, type RunningProcess } from '../running-process.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

const holderFile = (folder: string) => path.join(folder, 'agent.lock');
const holder = z.object({ pid: z.int().min(1), start: z.string().nullable() });

export type Locked =
  { readonly ok: true; readonly release: () => Promise<void> } | { readonly ok: false; readonly pid: number };

/** Throws when the folder cannot be written. */
export async function takeLock(folder: string, platform: NodeJS.Platform): Promise<Locked> {
  const done = await enter(folder);
  try {
    const present = await findHolder(folder, platform);
    if (present !== null) return { ok: false, pid: present.pid };
    await writePrivateFile(holderFile(folder), JSON.stringify(await thisProcess(platform)), false);
    return { ok: true, release: () => rm(holderFile(folder), { force: true }) };
  } finally {
    await done();
  }
}

/** The agent that runs from this folder, if one does. */
export async function findHolder(folder: string, platform: NodeJS.Platform): Promise<RunningProcess | null> {
  const text = await readPrivateFile(holderFile(folder)).catch(() => null);
  const named = holder.safeParse(text === null ? null : parse(text));
  return named.success && (await isRunning(named.data, platform)) ? named.data : null;
}

/** Looking and taking is one act: of two that start at once, one waits here for a moment. */
function enter(folder: string): Promise<() => Promise<void>> {
  return lock(folder, {
    lockfilePath: `${holderFile(folder)}.entry`,
    stale: 5_000,
    retries: { retries: 60, factor: 1, minTimeout: 100, maxTimeout: 100 },
    realpath: false,
    onCompromised: () => undefined, // only when this process stood still for longer than the whole act takes
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
