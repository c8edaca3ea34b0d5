/** `npm start` from an empty data folder, in real processes, and back to nothing. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { registration, STATUS_FILE } from '../../protocol/agent/folder.ts';
import { agentStatus } from '../../protocol/agent/status.ts';
import { root, start, type Starting } from './starting.ts';

const run = promisify(execFile);
const ready = 'WebXTerm runs at http://127.0.0.1:';

// What is stale is built before, so that no test waits for it.
beforeAll(() => run(process.execPath, ['scripts/build.mjs'], { cwd: root }), 240_000);

async function temporaryFolder() {
  return mkdtemp(path.join(tmpdir(), 'webxterm-start-'));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

const printedPassword = (printed: string) => /password\s+(\S+)/u.exec(printed)?.[1] ?? null;

describe.skipIf(process.platform !== 'linux')('a first start', () => {
  let data = '';
  let port = 0;
  let first: Starting;
  beforeAll(async () => {
    data = await temporaryFolder();
    port = await freePort();
    first = start({ args: ['--no-open', '--data', data, '--port', String(port)] });
    await first.sees(ready);
  });
  afterAll(async () => {
    await first[Symbol.asyncDispose]();
    await rm(data, { recursive: true });
  });

  const agentFile = (name: string) => readFile(path.join(data, 'desktop/agent', name), 'utf8');
  const signIn = async (printed: string) => {
    const email = /email\s+(\S+)/u.exec(printed)?.[1];
    return fetch(`http://127.0.0.1:${port}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: printedPassword(printed) }),
    });
  };

  it('says each step in a line, and prints a password that opens the account', async () => {
    const printed = first.printed();
    for (const step of ['Dependencies: ', 'Build: ', 'Server: ', 'This computer: ', ready])
      expect(printed).toContain(step);
    expect((await signIn(printed)).status).toBe(200);
  });

  it('runs the agent of this computer, which is online and lets its person use sudo', async () => {
    const online = async () => {
      const status = agentStatus.parse(JSON.parse(await agentFile(STATUS_FILE)));
      expect(status.link.at).toBe('online');
    };
    await vi.waitFor(online, { timeout: 20_000, interval: 100 });
    const config: unknown = JSON.parse(await agentFile('agent.json'));
    expect(config).toMatchObject({ host: `http://127.0.0.1:${port}`, allow_sudo: true });
  });

  it('keeps the password and the token to itself: in no file, no argument and no log', async () => {
    const password = printedPassword(first.printed()) ?? '';
    const files = (await readdir(data, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    for (const file of files) {
      const content = await readFile(path.join(file.parentPath, file.name));
      expect(content.includes(password), `the password is in ${file.name}`).toBe(false);
      expect(content.includes('vsay_rt_'), `a registration token is in ${file.name}`).toBe(false);
    }
    for (const { command } of await first.running()) {
      expect(command).not.toContain(password);
      expect(command).not.toContain('vsay_rt_');
    }
  });

  it('is found by another start, which only asks it for another window', async () => {
    await using other = start({ args: ['--no-open', '--data', data] });
    expect(await other.exited).toBe(0);
    expect(other.printed()).toContain(`It runs already; its server is at http://127.0.0.1:${port}.`);
    expect(other.printed()).toContain(path.join(data, 'desktop/launch'));
  });

  it('ends with Ctrl-C, leaving no process, and a second start is quick and uses what is there', async () => {
    const before = registration.parse(JSON.parse(await agentFile('agent.json')));
    first.signal('SIGINT');
    expect(await first.exited).toBe(0);
    expect(await first.running()).toEqual([]);
    expect(await readdir(path.join(data, 'desktop'))).not.toContain('desktop.sock');

    const startedAt = performance.now();
    await using second = start({ args: ['--no-open', '--data', data] });
    await second.sees(ready);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(printedPassword(second.printed())).toBeNull();
    expect(second.printed()).toContain('Build: up to date.');
    expect(second.printed()).toContain(`Server: http://127.0.0.1:${port}`);
    expect(registration.parse(JSON.parse(await agentFile('agent.json')))).toEqual(before);
    expect((await signIn(first.printed())).status).toBe(200);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('ends at %s as at Ctrl-C', async (name) => {
    await using again = start({ args: ['--no-open', '--data', data] });
    await again.sees(ready);
    expect((await again.running()).length).toBeGreaterThan(3);
    again.signal(name);
    expect(await again.exited).toBe(0);
    expect(await again.running()).toEqual([]);
  });

  it('that is interrupted in the middle leaves no process either', async () => {
    await using again = start({ args: ['--no-open', '--data', data] });
    await again.sees('Build: ');
    again.signal('SIGINT');
    expect(await again.exited).toBe(0);
    expect(await again.running()).toEqual([]);
  });

  it('whose npm is killed ends too', async () => {
    await using again = start({ args: ['--no-open', '--data', data], asNpm: true });
    await again.sees(ready);
    again.signal('SIGTERM');
    await vi.waitFor(async () => expect(await again.running()).toEqual([]), { timeout: 20_000, interval: 100 });
    expect(again.printed()).toContain('All of it has ended.');
  });

  it('that is killed outright leaves no process either: each sees its parent go', async () => {
    await using again = start({ args: ['--no-open', '--data', data] });
    await again.sees(ready);
    again.signal('SIGKILL');
    await vi.waitFor(async () => expect(await again.running()).toEqual([]), { timeout: 20_000, interval: 100 });
    expect(await readdir(path.join(data, 'desktop'))).not.toContain('desktop.sock');
  });

  it('tells of a server that dies, with its last lines, and ends all the rest', async () => {
    await using again = start({ args: ['--no-open', '--data', data] });
    await again.sees(ready);
    const server = (await again.running()).find(({ command }) => command.includes('webxterm-backend.js'));
    process.kill(server?.pid ?? 0, 'SIGKILL');
    expect(await again.exited).toBe(1);
    expect(again.printed()).toContain('The server ended by itself. It last said:');
    expect(await again.running()).toEqual([]);
  });

  it('tells of an agent that dies, with what to do, and goes on', async () => {
    await using again = start({ args: ['--no-open', '--data', data] });
    await again.sees(ready);
    const agent = (await again.running()).find(({ command }) => command.includes('webxterm-agent.js'));
    process.kill(agent?.pid ?? 0, 'SIGKILL');
    await again.sees('Switch it on in the app, under This workstation.');
    expect((await again.running()).some(({ command }) => command.includes('webxterm-backend.js'))).toBe(true);
  });

  it('does not move silently when its port was taken meanwhile: agent and sign-in know it', async () => {
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    await using again = start({ args: ['--no-open', '--data', data] });
    expect(await again.exited).toBe(1);
    expect(again.printed()).toContain(`Port ${port}, by which your sign-in and this computer's agent know the server`);
    squatter.close();
  });
});

describe('a start that cannot be says why, and what to do', () => {
  let data = '';
  beforeEach(async () => {
    data = await temporaryFolder();
  });
  afterEach(() => rm(data, { recursive: true }));

  it('with a port that is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = z.object({ port: z.int() }).parse(squatter.address());
    await using starting = start({ args: ['--no-open', '--data', data, '--port', String(port)] });
    expect(await starting.exited).toBe(1);
    expect(starting.printed()).toContain(`Port ${port} is taken by another program. Choose another with --port`);
    squatter.close();
  });

  it('with a folder that cannot be written', async () => {
    await writeFile(path.join(data, 'file'), '');
    const folder = path.join(data, 'file', 'data');
    await using starting = start({ args: ['--no-open', '--data', folder] });
    expect(await starting.exited).toBe(1);
    expect(starting.printed()).toContain(`The folder ${folder} cannot be written. Make it yours, or choose another`);
  });

  it('with a Node that is too old', async () => {
    const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.4'})`;
    await using starting = start({ nodeArgs: ['--import', old], args: ['--no-open', '--data', data] });
    expect(await starting.exited).toBe(1);
    expect(starting.printed()).toContain('This needs Node 20.19 or newer, and this is 18.20.4. Install a newer Node');
    expect(await readdir(data)).toEqual([]);
  });

  it.each([
    ['--frobnicate', 'frobnicate'],
    ['--port=seven', 'a number from 1 to 65535'],
    ['--port=0', 'a number from 1 to 65535'],
  ])('with the option %s', async (option, said) => {
    await using starting = start({ args: [option, '--data', data] });
    expect(await starting.exited).toBe(2);
    expect(starting.printed()).toContain(said);
  });
});

it('npm start -- --help tells its options', async () => {
  await using starting = start({ args: ['--help'] });
  expect(await starting.exited).toBe(0);
  for (const option of ['--port', '--data', '--no-open']) expect(starting.printed()).toContain(option);
});
