/** From the copied command to a machine that is online: the real script, the real agent, a clean home folder. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { machines } from '../../protocol/api/machines.ts';
import { startBackend, type Backend } from './backend.ts';
import { aMachine, anAdmin, type NewMachine, type Person } from './people.ts';

/** Who runs this as root says whose shells the agent opens. */
const asRoot = process.getuid?.() === 0 ? '--linux-user root --allow-sudo' : '';
const root = path.resolve(import.meta.dirname, '../..');

describe('installing the agent by the copied command', () => {
  let backend: Backend;
  let admin: Person;
  let home: string;
  const running = new Set<number>();
  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'agent'], { cwd: root });
    backend = await startBackend({ agentFile: path.join(root, 'dist/webxterm-agent.js') });
    admin = await anAdmin(backend);
  });
  afterAll(() => backend[Symbol.asyncDispose]());
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'webxterm-home-'));
  });
  afterEach(async () => {
    for (const pid of running) {
      process.kill(pid);
      await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
    }
    running.clear();
    await rm(home, { recursive: true });
  });

  interface Ran {
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }
  const inHome = async (command: string, environment: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    new Promise((resolve) => {
      const env = { HOME: home, PATH: process.env['PATH'], LANG: 'C.UTF-8', ...environment };
      execFile('/bin/sh', ['-c', command], { env, cwd: home }, (error, out, err) => {
        for (const [, pid] of out.matchAll(/Stop it: kill (\d+)/g)) running.add(Number(pid));
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });
  /** As a person pastes it. */
  const install = async (options: string, environment: Readonly<Record<string, string>> = {}): Promise<Ran> => {
    const command = `curl -fsSL ${backend.url}/install/agent.sh | sh -s -- --host ${backend.url} ${asRoot} ${options}`;
    return inHome(command, environment);
  };
  const statusOf = async ({ agentId }: NewMachine): Promise<string> => {
    const answer = await backend.request('GET', `/api/machines/${agentId}`, { token: admin.token });
    return machines.get.answer[200].parse(answer.body).machine.status;
  };
  const agent = (): string => path.join(home, '.local/bin/webxterm-agent');

  it('installs it into the home folder, joins the machine and brings it online', async () => {
    const machine = await aMachine(backend, admin);
    const ran = await install('--name here --service background', { WEBXTERM_TOKEN: machine.registrationToken });
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('It is online.');
    expect(await statusOf(machine)).toBe('online');
    expect(ran.out + ran.err).not.toContain(machine.registrationToken);
    expect((await stat(agent())).mode & 0o777).toBe(0o700);
    expect((await inHome(`${agent()} status`)).code).toBe(0);
    expect((await inHome('ls -A .local/share')).out).toBe('webxterm-agent\nwebxterm-agent.log\n');
  });

  it('renews an agent that has joined, without a token', async () => {
    const machine = await aMachine(backend, admin);
    await install('--service background', { WEBXTERM_TOKEN: machine.registrationToken });
    const [former] = running;
    running.clear();
    const again = await install('--service background');
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toContain('This machine has joined already');
    expect(() => process.kill(former ?? 0, 0)).toThrow('ESRCH');
    await vi.waitFor(async () => expect(await statusOf(machine)).toBe('online'));
  });

  it('takes the token from standard input when it is run from a file, and starts nothing when told so', async () => {
    const machine = await aMachine(backend, admin);
    const ran = await inHome(
      `curl -fsSL -o install.sh ${backend.url}/install/agent.sh && printf '%s\\n' "$SECRET" | sh install.sh ${asRoot} --token - --service none`,
      { SECRET: machine.registrationToken },
    );
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('webxterm-agent start');
    expect(await statusOf(machine)).toBe('offline');
  });

  it('asks for the token at the terminal, and does not show it', async () => {
    const machine = await aMachine(backend, admin);
    const command = `curl -fsSL ${backend.url}/install/agent.sh | sh -s -- ${asRoot} --service none`;
    const env = { HOME: home, PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' };
    const terminal = spawn('/bin/sh', ['-c', command], { env, cwd: home, cols: 200 });
    let screen = '';
    terminal.onData((text) => (screen += text));
    const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    await vi.waitFor(() => expect(screen).toContain('Registration token (it is not shown): '), { timeout: 20_000 });
    terminal.write(`${machine.registrationToken}\r`);
    expect(await ended).toBe(0);
    expect(screen).not.toContain(machine.registrationToken);
    expect(await statusOf(machine)).toBe('offline');
  });

  it('says when the token is dead, and leaves with an error', async () => {
    const ran = await install('--service none', { WEBXTERM_TOKEN: 'vsay_rt_nobody-made-this' });
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain('registration token');
  });

  it('asks nobody where nobody can be asked', async () => {
    const ran = await inHome(`curl -fsSL ${backend.url}/install/agent.sh | setsid sh -s --`);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('WEBXTERM_TOKEN');
  });

  it('installs nothing of an archive that is not the one the script belongs to', async () => {
    const script = await (await fetch(`${backend.url}/install/agent.sh`)).text();
    await writeFile(path.join(home, 'forged.sh'), script.replace(/^sha256='.*'$/m, `sha256='${'0'.repeat(64)}'`));
    const ran = await inHome('sh forged.sh', { WEBXTERM_TOKEN: 'vsay_rt_whatever' });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('is not what this script belongs to');
    expect((await inHome('ls -A .local/share')).out).toBe('');
  });

  it('says that Node is too old', async () => {
    await writeFile(
      path.join(home, 'node'),
      '#!/bin/sh\n[ "$1" = -p ] && echo 18.20.0 && exit\nexec "$REAL_NODE" "$@"\n',
    );
    await chmod(path.join(home, 'node'), 0o755);
    const ran = await install('', { PATH: `${home}:${process.env['PATH'] ?? ''}`, REAL_NODE: process.execPath });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('Node 18.20.0 is too old: the agent needs 20.19.0 or newer');
  });

  it('gives script and archive that belong together, named by its own address', async () => {
    const script = await (await fetch(`${backend.url}/install/agent.sh`)).text();
    const archive = Buffer.from(await (await fetch(`${backend.url}/install/agent.tgz`)).arrayBuffer());
    expect(script).toContain(`sha256='${createHash('sha256').update(archive).digest('hex')}'`);
    expect(script).toContain(`address='${backend.url}'`);
  });

  it('names the public address where the server has one', async () => {
    await using known = await startBackend({
      environment: { PUBLIC_URL: 'https://shell.example.org' },
      agentFile: path.join(root, 'dist/webxterm-agent.js'),
    });
    const script = await (await fetch(`${known.url}/install/agent.sh`)).text();
    expect(script).toContain("address='https://shell.example.org'");
  });

  it('is not to be had while the agent is not built, and the server says so', async () => {
    await using unbuilt = await startBackend({ agentFile: path.join(home, 'nothing.js') });
    for (const name of ['agent.sh', 'agent.tgz']) {
      expect(await unbuilt.request('GET', `/install/${name}`)).toMatchObject({
        status: 503,
        body: { code: 'not-ready' },
      });
    }
    expect(unbuilt.logged.join('')).toContain('the agent could not be packed');
  });

  it('keeps the key for nobody else to read', async () => {
    const machine = await aMachine(backend, admin);
    await install('--service none', { WEBXTERM_TOKEN: machine.registrationToken });
    const config = path.join(home, '.config/webxterm-agent/agent.json');
    expect((await stat(config)).mode & 0o777).toBe(0o600);
    expect(await readFile(config, 'utf8')).not.toContain(machine.registrationToken);
  });
});
