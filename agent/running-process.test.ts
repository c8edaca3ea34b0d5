/** Whether a process is still the one that was meant. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { isRunning, thisProcess } from './running-process.ts';

describe('a process', () => {
  it('is running while it runs', async () => {
    expect(await isRunning(await thisProcess(process.platform), process.platform)).toBe(true);
  });

  it('is not running when it ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    expect(await isRunning({ pid: child.pid ?? 0, start: null }, process.platform)).toBe(false);
  });

  it('is not running when its number belongs to another one now', async () => {
    const { pid } = await thisProcess(process.platform);
    expect(await isRunning({ pid, start: 'another start' }, process.platform)).toBe(false);
  });

  it('is told by the same words to everybody who asks, on systems that are asked by a program', async () => {
    const here = await thisProcess('darwin');
    expect(here.start).toMatch(/^\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}$/u);
    expect(await isRunning(here, 'darwin')).toBe(true);
  });
});
