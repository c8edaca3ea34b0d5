/** The whole way, all of it real: a client's socket, the service, the agent's program, a PTY and the shell in it. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { machines } from '../../protocol/api/machines.ts';
import { asAccount, createShellAccount, type ShellAccount } from '../e2e/product/account.ts';
import { newFolder, runAgent, type AgentRun } from './agent-process.ts';
import { startBackend, type Backend } from './backend.ts';
import { startCuttable, type Cuttable } from './cuttable.ts';
import { readRecording } from './cast.ts';
import { aMachine, anAdmin, audit, type Person } from './people.ts';
import { openScreen, type Screen } from './screen.ts';

/** A number each, no two alike: what is missing or doubled shows. */
const LINES = 200_000;
const counted = (): string => Array.from({ length: LINES }, (_each, i) => `${i + 1}\r\n`).join('');

describe('a real shell', () => {
  let account: ShellAccount;
  let dataFolder: string;
  let backend: Backend;
  let way: Cuttable;
  let admin: Person;
  let agentId: string;
  let agent: AgentRun;
  let configuration: ReturnType<typeof newFolder>;

  beforeAll(async () => {
    account = await createShellAccount();
  });
  afterAll(() => account[Symbol.asyncDispose]());
  beforeEach(async () => {
    dataFolder = await mkdtemp(path.join(tmpdir(), 'webxterm-real-'));
    backend = await startBackend({ dataFolder, machines: { reconnectSpreadS: 0.5 } });
    way = await startCuttable(backend.port);
    admin = await anAdmin(backend);
    const machine = await aMachine(backend, admin);
    agentId = machine.agentId;
    configuration = newFolder();
    const options = ['--config', configuration.path, '--host', way.url, ...asAccount(account), '--allow-sudo'];
    const configured = await runAgent(['configure', ...options, '--token', '-'], { input: machine.registrationToken });
    expect(await configured.ended).toMatchObject({ code: 0 });
    agent = await startAgent();
    await becomesOnline();
  });
  afterEach(async () => {
    agent.child.kill('SIGTERM');
    await agent.ended;
    await way[Symbol.asyncDispose]();
    await backend[Symbol.asyncDispose]();
    configuration[Symbol.dispose]();
    await rm(dataFolder, { recursive: true });
  });

  const startAgent = () => runAgent(['start', '--config', configuration.path], { env: { HOME: account.home } });
  const becomesOnline = async (): Promise<void> => {
    await vi.waitFor(
      async () => {
        const answer = await backend.request('GET', `/api/machines/${agentId}`, { token: admin.token });
        expect(machines.get.answer[200].parse(answer.body).machine.status).toBe('online');
      },
      { timeout: 15_000 },
    );
  };
  const open = async (sessionId?: string): Promise<Screen> => openScreen(backend, admin, agentId, sessionId);

  it('answers what is typed, and says how it ended', async () => {
    await using screen = await open();
    screen.type('echo $((6 * 7))answer; exit 7\r');
    await screen.sees('42answer');
    expect(await screen.client.next('exit')).toMatchObject({ exit_code: 7, reason: 'exited' });
  });

  it('shows any byte as it is', async () => {
    const bytes = randomBytes(3_000_000);
    const file = path.join(account.home, 'bytes');
    await writeFile(file, bytes);
    await using screen = await open();
    screen.type(`stty raw -echo; printf '\\001start\\002'; cat '${file}'; printf '\\003end\\004'\r`);
    await screen.sees('\u0003end\u0004');
    const { drawn } = screen;
    const start = drawn.indexOf('\u0001start\u0002') + '\u0001start\u0002'.length;
    const shown = drawn.subarray(start, start + bytes.length);
    expect(createHash('sha256').update(shown).digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(drawn.subarray(start + bytes.length).indexOf('\u0003end\u0004')).toBe(0);
  });

  it('knows the size of its window', async () => {
    await using screen = await open();
    screen.client.say({ type: 'resize', cols: 133, rows: 37 });
    await vi.waitFor(
      async () => {
        const from = screen.drawn.length;
        screen.type('stty size\r');
        await screen.sees('37 133', from);
      },
      { timeout: 20_000 },
    );
  });

  it('is interrupted by Ctrl-C, in a flood too (pain: Ctrl-C does nothing under a flood)', async () => {
    await using screen = await open();
    screen.type('yes flooded\r');
    await screen.sees('flooded\r\nflooded');
    screen.type('\u0003');
    screen.type('echo $?=status\r');
    await screen.sees('130=status');
  });

  it('misses nothing over cuts of its own socket', async () => {
    await using screen = await open();
    screen.type(`echo be''gin; seq ${LINES}; echo e''nd\r`);
    for (let i = 1; i <= 4; i += 1) {
      await vi.waitFor(() => expect(screen.drawn.length).toBeGreaterThan(i * 150_000), { timeout: 20_000 });
      expect(await screen.attachAgain(backend)).toMatchObject({ truncated: 0 });
    }
    await screen.sees('end\r\n');
    const shown = screen.text;
    expect(shown.slice(shown.indexOf('begin\r\n') + 7, shown.indexOf('end\r\n')) === counted()).toBe(true);
  });

  it('misses nothing over cuts between agent and service, and takes what was typed meanwhile once', async () => {
    await using screen = await open();
    screen.type(`echo be''gin; seq ${LINES}; echo e''nd\r`);
    for (let i = 1; i <= 2; i += 1) {
      await vi.waitFor(() => expect(screen.drawn.length).toBeGreaterThan(i * 150_000), { timeout: 20_000 });
      way.cut();
      expect(await screen.client.next('detached')).toMatchObject({ reason: 'agent-away' });
      expect(await screen.attachAgain(backend)).toMatchObject({ truncated: 0 });
    }
    await screen.sees('end\r\n');
    const shown = screen.text;
    expect(shown.slice(shown.indexOf('begin\r\n') + 7, shown.indexOf('end\r\n')) === counted()).toBe(true);
    screen.type('echo once$((1 + 1))more\r');
    await screen.sees('once2more');
    expect(screen.text.split('once2more')).toHaveLength(2);
  });

  it('is recorded byte by byte, over cuts on either side and to its end', async () => {
    await using screen = await open();
    screen.type(`echo be''gin; seq ${LINES}; echo e''nd\r`);
    await vi.waitFor(() => expect(screen.drawn.length).toBeGreaterThan(150_000), { timeout: 20_000 });
    way.cut();
    expect(await screen.client.next('detached')).toMatchObject({ reason: 'agent-away' });
    await screen.attachAgain(backend);
    await vi.waitFor(() => expect(screen.drawn.length).toBeGreaterThan(500_000), { timeout: 20_000 });
    await screen.attachAgain(backend);
    await screen.sees('end\r\n');
    screen.type('exit 3\r');
    await screen.client.next('exit');
    await vi.waitFor(async () => expect(await recordingsEnded()).toMatchObject([{ detail: { verdict: 'complete' } }]), {
      timeout: 20_000,
    });
    const { output, markers } = await readRecording(backend, admin, screen.sessionId);
    expect(markers).toEqual([]);
    expect(output === screen.text).toBe(true);
  });
  const recordingsEnded = async () =>
    (await audit(backend, admin)).filter(({ action }) => action === 'recording_ended');

  it('lives on over a restart of the service (pain: session gone, "use tmux")', async () => {
    const screen = await open();
    screen.type("marked=still''here\r");
    const { port } = backend;
    await backend[Symbol.asyncDispose]();
    backend = await startBackend({ dataFolder, port });
    await becomesOnline();
    await screen.attachAgain(backend);
    screen.type('echo $marked\r');
    await screen.sees('stillhere\r\n');
    await screen[Symbol.asyncDispose]();
  });

  it('is over when its agent was started anew, and says so', async () => {
    await using screen = await open();
    agent.child.kill('SIGKILL');
    await agent.ended;
    expect(await screen.client.next('detached')).toMatchObject({ reason: 'agent-away' });
    agent = await startAgent();
    await vi.waitFor(
      async () => {
        const answer = await backend.request('GET', '/api/terminal/sessions', { token: admin.token });
        expect(answer.body).toEqual({ sessions: [] });
      },
      { timeout: 20_000 },
    );
  });

  it('that another client takes tells the one that had it, and that one does not take it back', async () => {
    await using first = await open();
    first.type("echo from the fi''rst\r");
    await first.sees('from the first\r\n');
    await using second = await open(first.sessionId);
    expect(await first.client.next('detached')).toMatchObject({ reason: 'taken' });
    await second.sees('from the first\r\n');
    second.type("echo from the se''cond\r");
    await second.sees('from the second\r\n');
    expect(await first.attachAgain(backend)).toMatchObject({ mode: 'view' });
  });

  it('that floods a client which does not read costs neither memory nor another session (pain: gigabytes of memory)', async () => {
    await using flooded = await open();
    await using other = await open();
    flooded.type('yes some words that fill memory when nobody holds them back\r');
    await flooded.sees('holds them back\r\nsome');
    flooded.client.socket.pause();
    const before = await memoryOf(agent.pid);
    const here = process.memoryUsage().rss;
    for (let i = 0; i < 20; i += 1) {
      other.type(`echo ti''ck${i}\r`);
      await other.sees(`tick${i}\r\n`);
    }
    expect((await memoryOf(agent.pid)) - before).toBeLessThan(32 * 1024 * 1024);
    expect(process.memoryUsage().rss - here).toBeLessThan(64 * 1024 * 1024);
    flooded.client.socket.resume();
    flooded.type('\u0003');
    flooded.type("echo aft''er\r");
    await flooded.sees('after\r\n');
  });
});

/** Resident, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
