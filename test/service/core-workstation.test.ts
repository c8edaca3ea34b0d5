/** The switch that makes this computer a machine: the real agent, run by the app or by another program, on a real backend. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { startAgentChild } from '../../main/host/browser/agent-child.ts';
import type { Host } from '../../main/host/host.ts';
import type { Workstation } from '../../protocol/bridge/events.ts';
import { built, runProgram, startProgram } from '../e2e/product/program.ts';
import { startBackend } from './backend.ts';
import { openDesktop, type TestDesktop } from './core/desktop.ts';
import { shellUser } from './core/machine.ts';
import { knownMachines, noticeCodes, signIn, stateOf } from './core/people.ts';
import { openScreen } from './core/screen.ts';

const run = promisify(execFile);
const asked = shellUser.length > 0 ? { linux_user: 'root' } : {};
const wish = { name: 'this-desk', allow_sudo: false, ...asked };

beforeAll(async () => {
  await run(process.execPath, [join(import.meta.dirname, '../../scripts/build.mjs'), 'agent']);
});

interface Started {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly process: ReturnType<Host['startAgent']>;
}
/** The browser host's way of starting the agent, with a list of what was started. */
function agents() {
  const started: Started[] = [];
  const parts = { agentFile: built('webxterm-agent.js'), env: process.env };
  const startAgent: Host['startAgent'] = (args, given = {}) => {
    const child = startAgentChild(parts, args, given);
    started.push({ args, env: given.env ?? {}, process: child });
    return child;
  };
  return { started, startAgent };
}
const workstation = (desktop: TestDesktop): Workstation | undefined => desktop.window.latest('workstation.changed');
const isOnline = (desktop: TestDesktop) =>
  expect.poll(() => workstation(desktop)?.status?.link.at, { timeout: 15_000 }).toBe('online');
const isIn = (desktop: TestDesktop, state: Workstation['state']) =>
  expect.poll(() => workstation(desktop)?.state, { timeout: 15_000 }).toBe(state);
const pidOf = (desktop: TestDesktop): number => workstation(desktop)?.status?.pid ?? 0;
const lives = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function withOther(backend: Awaited<ReturnType<typeof startBackend>>, desktop: TestDesktop) {
  const account = await signIn(desktop, backend, await backend.signUp());
  const made = await desktop.window.call('machines.create', { account, name: 'this-desk' });
  if (!made.ok) throw new Error(made.failure.message);
  const config = ['--config', join(desktop.profile, 'agent')];
  await runProgram('webxterm-agent', {
    args: ['configure', '--host', backend.url, '--token', '-', '--name', 'this-desk', ...shellUser, ...config],
    input: `${made.value.registration_token}\n`,
  });
  const other = startProgram('webxterm-agent', { args: ['start', ...config] });
  return { account, other };
}

describe('this workstation', () => {
  it('is registered, run, shown with its state, stopped, started and left', async () => {
    await using backend = await startBackend();
    const { started, startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const account = await signIn(desktop, backend, await backend.signUp());
    await isIn(desktop, 'off');

    expect(await desktop.window.call('workstation.register', { account, ...wish })).toEqual({ ok: true, value: null });
    await isOnline(desktop);
    const { agent_id: agentId } = workstation(desktop) ?? {};
    expect(workstation(desktop)).toMatchObject({
      state: 'running',
      run_by: 'desktop',
      account,
      host: backend.url,
      name: 'this-desk',
    });
    await expect.poll(() => knownMachines(desktop.window, account).get(agentId ?? '')?.status).toBe('online');
    expect(started.map(({ args }) => args[0])).toEqual(['configure', 'start']);

    expect(await desktop.window.call('workstation.stop', null)).toEqual({ ok: true, value: null });
    await isIn(desktop, 'stopped');
    expect(workstation(desktop)).toMatchObject({ run_by: null, status: null, name: 'this-desk' });
    await expect
      .poll(() => knownMachines(desktop.window, account).get(agentId ?? '')?.status, { timeout: 15_000 })
      .toBe('offline');

    await desktop.window.call('workstation.start', null);
    await isOnline(desktop);
    const pid = pidOf(desktop);
    expect(await desktop.window.call('workstation.leave', null)).toEqual({ ok: true, value: null });
    await isIn(desktop, 'off');
    expect(lives(pid)).toBe(false);
    await expect.poll(() => knownMachines(desktop.window, account).names).toEqual([]);
    expect(existsSync(join(desktop.profile, 'agent/agent.json'))).toBe(false);
  });

  it('never shows its token in arguments or environment', async () => {
    await using backend = await startBackend();
    const { started, startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const account = await signIn(desktop, backend, await backend.signUp());
    await desktop.window.call('workstation.register', { account, ...wish });
    await isOnline(desktop);
    expect(JSON.stringify(started.map(({ args, env }) => ({ args, env })))).not.toMatch(/vsay_/);
    expect(started[0]?.args).toContain('-');
  });

  it('that cannot join says why, and leaves nothing in the list', async () => {
    await using backend = await startBackend();
    const { startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const account = await signIn(desktop, backend, await backend.signUp());
    const answer = await desktop.window.call('workstation.register', { account, ...wish, linux_user: 'no-such-user' });
    if (answer.ok) throw new Error('it joined');
    expect(answer.failure.code).toBe('agent-failed');
    expect(answer.failure.detail).toContain('no-such-user');
    await isIn(desktop, 'off');
    expect(workstation(desktop)?.failure?.code).toBe('agent-failed');
    await expect.poll(() => knownMachines(desktop.window, account)).toMatchObject({ load: 'live', names: [] });
  });

  it('runs with the app: again after a restart, gone when the app is closed, and not when it was stopped', async () => {
    await using backend = await startBackend();
    const { startAgent } = agents();
    await using first = await openDesktop({ startAgent });
    const account = await signIn(first, backend, await backend.signUp());
    await first.window.call('workstation.register', { account, ...wish });
    await isOnline(first);
    const before = pidOf(first);
    await using second = await first.restart();
    expect(lives(before)).toBe(false);
    await isOnline(second);
    const after = pidOf(second);
    expect(after).not.toBe(before);
    await second.window.call('workstation.stop', null);
    await using third = await second.restart();
    expect(lives(after)).toBe(false);
    await isIn(third, 'stopped');
  });

  it('whose agent crashes is back by itself, and says what happened meanwhile', async () => {
    await using backend = await startBackend();
    const { startAgent } = agents();
    await using desktop = await openDesktop({ startAgent, random: () => 0.2 });
    const account = await signIn(desktop, backend, await backend.signUp());
    await desktop.window.call('workstation.register', { account, ...wish });
    await isOnline(desktop);
    const crashed = pidOf(desktop);
    process.kill(crashed, 'SIGKILL');
    await expect
      .poll(() => desktop.window.heard('workstation.changed').some(({ failure }) => failure?.code === 'agent-failed'))
      .toBe(true);
    await expect.poll(() => pidOf(desktop), { timeout: 15_000 }).not.toBe(crashed);
    await isOnline(desktop);
    expect(workstation(desktop)?.failure).toBe(null);
  });

  it('goes through the proxy that was set by hand, like every other connection', async () => {
    await using backend = await startBackend();
    const { started, startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const account = await signIn(desktop, backend, await backend.signUp());
    await desktop.window.call('settings.update', {
      network: { proxy: 'manual', proxy_url: 'http://proxy.example:3128' },
    });
    await desktop.window.call('workstation.register', { account, ...wish });
    expect(started.map(({ env }) => env['HTTPS_PROXY'])).toEqual([
      'http://proxy.example:3128',
      'http://proxy.example:3128',
    ]);
  });

  it('cannot be registered twice, nor started or left when it is none', async () => {
    await using backend = await startBackend();
    const { startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const account = await signIn(desktop, backend, await backend.signUp());
    expect(await desktop.window.call('workstation.start', null)).toMatchObject({
      failure: { code: 'not-available-here' },
    });
    expect(await desktop.window.call('workstation.leave', null)).toEqual({ ok: true, value: null });
    const [first, second] = await Promise.all([
      desktop.window.call('workstation.register', { account, ...wish }),
      desktop.window.call('workstation.register', { account, ...wish }),
    ]);
    expect(first).toEqual({ ok: true, value: null });
    expect(second).toMatchObject({ failure: { code: 'not-available-here' } });
  });

  it('taken away while nobody is signed in tells that the machine is still in the list', async () => {
    await using backend = await startBackend();
    const { startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const account = await signIn(desktop, backend, await backend.signUp());
    await desktop.window.call('workstation.register', { account, ...wish });
    await isOnline(desktop);
    await desktop.window.call('accounts.sign-out', { account });
    await expect.poll(() => workstation(desktop)?.account).toBe(null);
    expect(workstation(desktop)?.state).toBe('running'); // it goes on
    await desktop.window.call('workstation.leave', null);
    await isIn(desktop, 'off');
    await expect.poll(() => noticeCodes(desktop)).toContain('machine-left-behind');
  });
});

describe('somebody on this computer', () => {
  it('is shown and told to the person at it, and can be sent away; the person itself is no news', async () => {
    await using backend = await startBackend();
    const ada = await backend.signUp();
    const { startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const account = await signIn(desktop, backend, ada);
    await desktop.window.call('workstation.register', { account, ...wish, allow_sudo: true });
    await isOnline(desktop);
    const agentId = workstation(desktop)?.agent_id ?? '';
    const guests = () => workstation(desktop)?.status?.sessions ?? [];

    await using elsewhere = await openDesktop();
    const far = await signIn(elsewhere, backend, ada);
    const size = { cols: 80, rows: 24 };
    for (const [at, as] of [
      [desktop, account],
      [elsewhere, far],
    ] as const) {
      const answer = await at.window.call('terminals.open', { account: as, agent_id: agentId, ...size });
      if (!answer.ok) throw new Error(answer.failure.message);
      openScreen(at.window, answer.value.terminal);
    }
    await expect.poll(() => guests().length, { timeout: 15_000 }).toBe(2);
    await expect.poll(() => desktop.notified.length, { timeout: 15_000 }).toBe(1);
    expect(desktop.notified[0]?.title).toContain(ada.username);

    const visitor = elsewhere.window.latest('terminals.changed')?.[0]?.session_id ?? '';
    expect(guests().map(({ session_id: id }) => id)).toContain(visitor);
    const answer = await desktop.window.call('workstation.end-session', { session_id: visitor });
    expect(answer).toEqual({ ok: true, value: null });
    await expect.poll(() => guests().length, { timeout: 15_000 }).toBe(1);
    await expect
      .poll(() => elsewhere.window.latest('terminals.changed')?.[0]?.state.at, { timeout: 15_000 })
      .toBe('ended');
  });
});

describe('an agent that another program runs', () => {
  it('is seen, shown live, and stopped from here', async () => {
    await using backend = await startBackend();
    const { started, startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const { account, other } = await withOther(backend, desktop);
    await using _ = other;
    await isOnline(desktop);
    expect(workstation(desktop)).toMatchObject({ state: 'running', run_by: 'other', account, name: 'this-desk' });
    expect(pidOf(desktop)).toBe(other.pid);
    expect(await desktop.window.call('workstation.start', null)).toEqual({ ok: true, value: null }); // it runs already
    expect(await desktop.window.call('workstation.stop', null)).toEqual({ ok: true, value: null });
    expect(await other.exited).toBe(0);
    await isIn(desktop, 'stopped');
    expect(started).toEqual([]);
  });

  it('that is killed is noticed though no file says so', async () => {
    await using backend = await startBackend();
    const { startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const { other } = await withOther(backend, desktop);
    await isOnline(desktop);
    await other.kill();
    expect(readFileSync(join(desktop.profile, 'agent/status.json'), 'utf8')).toContain(String(other.pid));
    await isIn(desktop, 'stopped');
  });

  it('is left from here as well', async () => {
    await using backend = await startBackend();
    const { startAgent } = agents();
    await using desktop = await openDesktop({ startAgent });
    const { account, other } = await withOther(backend, desktop);
    await isOnline(desktop);
    expect(await desktop.window.call('workstation.leave', null)).toEqual({ ok: true, value: null });
    expect(await other.exited).toBe(0);
    await isIn(desktop, 'off');
    await expect.poll(() => knownMachines(desktop.window, account).names).toEqual([]);
    expect(stateOf(desktop)).toBe('online');
  });
});
