/** A command that is told to end while what it started is another user's, as root's by `sudo`: real processes of real users. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram, type ProgramLimits } from './program.ts';

const AGENT = 60_002;
const forbidden = () => Promise.resolve(false);
const killGroup = (group: number): Promise<boolean> => {
  process.seteuid?.(0);
  process.kill(-group, 'SIGKILL');
  process.seteuid?.(AGENT);
  return Promise.resolve(true);
};
const asOther = 'setpriv --reuid=60001 --clear-groups';

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('what this process may not signal', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'webxterm-program-'));
    chmodSync(folder, 0o777);
  });
  afterEach(() => {
    process.seteuid?.(0);
    if (isThere()) process.kill(pid(), 'SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const pid = () => Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
  const sleeper = () => `${asOther} /bin/sh -c 'echo begun; echo $$ > ${folder}/pid; exec sleep 300'`;

  /** Starts as root, which is its own to this process, and has it end once it may not signal the sleeper any more. */
  async function startAndEnd(script: string, killAsRoot: ProgramLimits['killAsRoot']) {
    const told = new AbortController();
    const command = { file: '/bin/sh', args: ['-c', script], env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, cwd: '/' };
    const ended = runProgram(command, { outputBytes: 1024, graceMs: 100, killAsRoot }, told.signal);
    await vi.waitFor(() => expect(pid()).toBeGreaterThan(1), { timeout: 15_000 });
    process.seteuid?.(AGENT);
    told.abort();
    return ended;
  }

  /** Whether its orphans were buried is not this agent's business. */
  function isThere(): boolean {
    try {
      return !readFileSync(`/proc/${pid()}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  }

  it('is killed as root where it took the place of the shell', async () => {
    const end = await startAndEnd(`exec ${sleeper()}`, killGroup);
    expect(end).toMatchObject({ left: false, signal: 'SIGKILL' });
    expect(String(end.output)).toBe('begun\n');
  });

  it('is killed as root where the shell above it has ended', async () => {
    expect(await startAndEnd(`${sleeper()}; true`, killGroup)).toMatchObject({ left: false, signal: 'SIGTERM' });
    await vi.waitFor(() => expect(isThere()).toBe(false), { timeout: 15_000 });
  });

  it.each([
    ['in place of the shell', () => `exec ${sleeper()}`, null],
    ['below a shell that has ended', () => `${sleeper()}; true`, 'SIGTERM'],
  ])('and may not be killed as root is left, and not waited for: %s', async (_where, script, signal) => {
    const end = await startAndEnd(script(), forbidden);
    expect(end).toMatchObject({ left: true, exitCode: null, signal });
    expect(String(end.output)).toBe('begun\n');
    expect(isThere()).toBe(true);
  });

  it('is left where nothing was to become root', async () => {
    expect(await startAndEnd(`exec ${sleeper()}`, null)).toMatchObject({ left: true });
  });
});
