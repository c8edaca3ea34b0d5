import { spawn as spawnTerminal } from '@lydell/node-pty';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { backendPrograms, buildBackend, program, signInTo, type Programs } from './backend-program.ts';

beforeAll(buildBackend);

let programs: Programs;
let data: string;
beforeEach(() => {
  programs = backendPrograms();
  ({ data } = programs);
});
afterEach(() => programs[Symbol.dispose]());
const run: Programs['run'] = (args, options) => programs.run(args, options);
const serve: Programs['serve'] = (port, more) => programs.serve(port, more);
const first = () => [
  'bootstrap',
  '--organization',
  'My Harbour',
  '--email',
  'ada@harbour.test',
  '--username',
  'ada',
  '--data',
  data,
];
const superAdmin = (name = 'root') => [
  'create-super-admin',
  '--email',
  `${name}@harbour.test`,
  '--username',
  name,
  '--data',
  data,
];
const bootstrapped = z.object({
  organization: z.string(),
  password: z.string(),
  registration_token: z.string().optional(),
});

describe('webxterm-backend serve', () => {
  it('says on one line where it listens, logs JSON to standard error, and ends well when told to', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, ended, line, url } = await serve();
      expect(line).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+$/);
      expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready' });
      child.kill(signal);
      const { code, stderr } = await ended;
      expect(code).toBe(0);
      for (const logged of stderr.trim().split('\n'))
        expect(() => z.looseObject({ level: z.number() }).parse(JSON.parse(logged))).not.toThrow();
    }
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(join(data, 'jwt-secret')).mode & 0o777).toBe(0o600);
  });

  it('goes on after a crash at once, with its sign-ins', async () => {
    await run([...superAdmin('second'), '--password-stdin'], { input: 'correct horse\n' });
    const crashed = await serve();
    const { token } = await signInTo(crashed.url, 'second@harbour.test', 'correct horse');
    crashed.child.kill('SIGKILL');
    await crashed.ended;
    const again = await serve();
    const me = await fetch(`${again.url}/api/users/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).toBe(200);
  });

  it('says that the port is taken, and by what to mend it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = z.object({ port: z.number() }).parse(other.address());
    const { code, stdout, stderr } = await run(['serve', '--port', String(port), '--data', data]);
    other.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`Port ${port} of 127.0.0.1 is taken`);
    expect(stderr).toContain('--port');
  });

  it('says that the folder is served already', async () => {
    await serve();
    const { code, stderr } = await run(['serve', '--port', '0', '--data', data]);
    expect(code).toBe(1);
    expect(stderr).toContain(`serves ${data} already`);
  });

  it('says that the data cannot be written, or is damaged', async () => {
    const file = join(data, 'file');
    writeFileSync(file, '');
    const blocked = await run(['serve', '--port', '0', '--data', join(file, 'data')]);
    expect(blocked.code).toBe(1);
    expect(blocked.stderr).toContain('cannot be written');
    writeFileSync(join(data, 'store.db'), 'rubbish '.repeat(1000));
    const damaged = await run(['serve', '--port', '0', '--data', data]);
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toContain('is damaged');
    expect(damaged.stderr).not.toMatch(/at .*\(/);
  });

  it('says that an address is none of this computer’s', async () => {
    const { code, stderr } = await run(['serve', '--port', '0', '--host', '192.0.2.1', '--data', data]);
    expect(code).toBe(1);
    expect(stderr).toContain('192.0.2.1 is no address of this computer');
  });

  it('names what is wrong in the environment', async () => {
    const { code, stderr } = await run(['serve', '--data', data], {
      env: { JWT_SECRET: 'hunter2', PUBLIC_URL: 'nowhere' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('PUBLIC_URL must be an address');
    expect(stderr).toContain('JWT_SECRET must have 32 characters');
    expect(stderr).not.toContain('hunter2');
  });
});

const role = (name: string, env: Record<string, string> = {}) => ({ args: ['--role', name], env });
const statusOf = async (url: string, token = '') =>
  (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;

describe('webxterm-backend serve --role', () => {
  const patiently = { timeout: 20_000 };

  it('runs the two services as two programs on one folder, of which either may crash', async () => {
    const { password } = bootstrapped.parse(JSON.parse((await run(first())).stdout));
    const machines = await serve(0, role('machines'));
    const auth = await serve(0, role('auth', { MACHINES_URL: machines.url }));
    await expect.poll(() => statusOf(`${auth.url}/ready`), patiently).toBe(200);
    const { token } = await signInTo(auth.url, 'ada@harbour.test', password);
    expect(await statusOf(`${auth.url}/api/machines`, token)).toBe(200);
    expect(await statusOf(`${machines.url}/api/machines`, token)).toBe(403);

    machines.child.kill('SIGKILL');
    await machines.ended;
    await expect.poll(() => statusOf(`${auth.url}/ready`), patiently).toBe(503);
    expect(await statusOf(`${auth.url}/api/users/me`, token)).toBe(200);
    await serve(Number(new URL(machines.url).port), role('machines'));
    await expect.poll(() => statusOf(`${auth.url}/ready`), patiently).toBe(200);

    const headers = { authorization: `Bearer ${token}` };
    const events = new WebSocket(`${auth.url.replace('http', 'ws')}/api/events`, { headers });
    await once(events, 'message');
    const closed = once(events, 'close');
    await fetch(`${auth.url}/api/auth/logout`, { method: 'POST', headers });
    expect((await closed)[0]).toBe(4401);

    auth.child.kill('SIGTERM');
    expect((await auth.ended).code).toBe(0);
  });

  it('needs to know where the other is, and serves a folder’s service once', async () => {
    const lost = await run(['serve', '--role', 'auth', '--port', '0', '--data', data]);
    expect(lost).toMatchObject({ code: 2, stdout: '' });
    expect(lost.stderr).toContain('MACHINES_URL must be set');
    await serve(0, role('machines'));
    for (const name of ['machines', 'all']) {
      const second = await run(['serve', '--role', name, '--port', '0', '--data', data]);
      expect(second.code).toBe(1);
      expect(second.stderr).toContain(`serves ${data} already`);
    }
  });
});

describe('webxterm-backend bootstrap', () => {
  it('makes the first organization once: admin, password and token work, and a second run makes nothing', async () => {
    const made = await run([...first(), '--registration-token', 'this box']);
    expect(made.code).toBe(0);
    expect(made.stdout.trim().split('\n')).toHaveLength(1);
    const { organization, password, registration_token } = bootstrapped.parse(JSON.parse(made.stdout));
    expect(organization).toBe('my-harbour');
    const again = await run([...first(), '--registration-token', 'this box']);
    expect(again).toEqual({ code: 0, stdout: '{"exists":true}\n', stderr: '' });

    const { url } = await serve();
    const { user, token } = await signInTo(url, 'ada@harbour.test', password);
    expect(user).toMatchObject({ username: 'ada', role: 'company_admin', tenant_name: 'My Harbour' });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    expect(await (await fetch(`${url}/api/machines`, { headers })).json()).toMatchObject({
      machines: [{ name: 'this box', status: 'pending' }],
    });
    const agent = {
      token: registration_token,
      public_key: 'A'.repeat(43),
      hostname: 'box',
      os: 'linux',
      arch: 'x64',
      agent_version: '0',
    };
    const joined = await fetch(`${url}/api/agent/register`, { method: 'POST', headers, body: JSON.stringify(agent) });
    expect(joined.status).toBe(201);
  });

  it('makes one organization also where two run at once', async () => {
    const ended = await Promise.all([run(first()), run(first())]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    const told = ended.map(({ stdout }) => z.looseObject({}).parse(JSON.parse(stdout)));
    expect(told.filter((one) => 'exists' in one)).toHaveLength(1);
    expect(told.filter((one) => 'password' in one)).toHaveLength(1);
  });
});

describe('webxterm-backend create-super-admin', () => {
  it('works while the server runs, several at once, and is audited', async () => {
    const { url } = await serve();
    const names = ['grace', 'barbara', 'frances'];
    const ended = await Promise.all(
      names.map((name) => run([...superAdmin(name), '--password-stdin'], { input: 'correct horse\n' })),
    );
    expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual(names.map(() => ({ code: 0, stderr: '' })));
    for (const name of names) {
      const { user } = await signInTo(url, `${name}@harbour.test`, 'correct horse');
      expect(user).toMatchObject({ username: name, role: 'super_admin', tenant_id: 'platform' });
    }
    const taken = await run([...superAdmin('grace'), '--password-stdin'], { input: 'correct horse\n' });
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain('already');
  });

  it('asks on a terminal for the password, twice, and shows nothing of it', async () => {
    const terminal = spawnTerminal(process.execPath, [program, ...superAdmin()], { cols: 200, rows: 24 });
    programs.running.push(terminal);
    let shown = '';
    terminal.onData((chunk) => {
      shown += chunk;
    });
    const exited = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    for (const question of ['Password: ', 'The same again: ']) {
      await expect.poll(() => shown, { timeout: 10_000 }).toContain(question);
      terminal.write('correct horse\r');
    }
    expect(await exited).toBe(0);
    expect(shown).toContain('root is a super admin now');
    expect(shown).not.toContain('correct');
    const { url } = await serve();
    expect((await signInTo(url, 'root@harbour.test', 'correct horse')).user.role).toBe('super_admin');
  });

  it('never takes the password as an argument, and needs a terminal to ask', async () => {
    const argument = await run([...superAdmin(), '--password', 'correct horse']);
    expect(argument).toMatchObject({ code: 2, stdout: '' });
    const noTerminal = await run(superAdmin(), { input: 'correct horse\n' });
    expect(noTerminal.code).toBe(1);
    expect(noTerminal.stderr).toContain('--password-stdin');
    const short = await run([...superAdmin(), '--password-stdin'], { input: 'short\n' });
    expect(short.code).toBe(1);
    expect(short.stderr).toContain('8 characters');
  });
});

describe('webxterm-backend', () => {
  it('explains itself: commands, options, environment and exit codes', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of [
      'serve',
      'bootstrap',
      'create-super-admin',
      'PUBLIC_URL',
      'TRUSTED_PROXIES',
      'JWT_SECRET',
      'Exit codes',
    ]) {
      expect(stdout).toContain(word);
    }
    expect((await run(['serve', '--help'])).stdout).toContain('--port');
  });

  it('tells its version', async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse((await import('../../package.json', { with: { type: 'json' } })).default);
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [['nonsense']],
    [[]],
    [['serve', '--port', '99999']],
    [['serve', '--port', 'x']],
    [['serve', '--nonsense']],
    [['create-super-admin', '--email', 'x', '--username', 'yyy']],
  ])('ends with 2 where it was used wrongly: %j', async (args) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });
});
