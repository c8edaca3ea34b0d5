/** One agent a folder. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thisProcess } from '../running-process.ts';
import { findHolder, takeLock } from './lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'webxterm-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const hold = (holder: object | string) =>
  writeFileSync(path.join(folder, 'agent.lock'), typeof holder === 'string' ? holder : JSON.stringify(holder));

describe('the lock', () => {
  it('is taken once, and again after it was released', async () => {
    const first = await takeLock(folder, process.platform);
    expect(await takeLock(folder, process.platform)).toEqual({ ok: false, pid: process.pid });
    if (first.ok) await first.release();
    expect(readdirSync(folder)).toEqual([]);
    expect((await takeLock(folder, process.platform)).ok).toBe(true);
  });

  it('of many that start at once, exactly one gets it', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => takeLock(folder, process.platform)));
    expect(taken.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it('of a holder that is gone holds nothing', async () => {
    hold({ pid: 2 ** 22 + 1, start: 'whenever' });
    expect(await findHolder(folder, process.platform)).toBeNull();
    expect((await takeLock(folder, process.platform)).ok).toBe(true);
  });

  it('of a holder whose number another process has now holds nothing', async () => {
    hold({ pid: process.pid, start: 'another boot 12345' });
    expect(await findHolder(folder, process.platform)).toBeNull();
  });

  it('of a holder that runs is found', async () => {
    hold(await thisProcess(process.platform));
    expect((await findHolder(folder, process.platform))?.pid).toBe(process.pid);
  });

  it('that cannot be read holds nothing', async () => {
    hold('{"pid":');
    expect((await takeLock(folder, process.platform)).ok).toBe(true);
  });
});
