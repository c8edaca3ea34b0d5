/** An agent as a program: joining, starting, being the only one, ending, leaving. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { agentStatus } from '../../protocol/agent/status.ts';
import { agentProgram, forkAgent, newFolder, runAgent } from './agent-process.ts';
import { eventually, join, openTerminal, ownShells, TOKEN } from './agents-here.ts';
import { startScriptedService } from './scripted-service.ts';

const run = async (args: readonly string[], start: Parameters<typeof runAgent>[1] = {}) =>
  (await runAgent(args, start)).ended;
const modeOf = (...parts: string[]) => (statSync(path.join(...parts)).mode & 0o777).toString(8);
const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('configure', () => {
  it('joins with a key made here; the private half stays, readable by its owner only', async () => {
    await using service = await startScriptedService();
    using home = newFolder();
    const folder = path.join(home.path, 'deep', 'down');
    const args = ['configure', '--host', service.url, '--token', '-', '--name', 'box', '--config', folder];
    expect(await run(args, { input: `${TOKEN}\n` })).toMatchObject({ code: 0 });
    expect(service.joined).toMatchObject([{ token: TOKEN, name: 'box', agent_version: '9.9.9' }]);
    expect([modeOf(folder), modeOf(folder, 'agent.json')]).toEqual(['700', '600']);
    expect(readdirSync(folder)).toEqual(['agent.json']);
    expect(readFileSync(path.join(folder, 'agent.json'), 'utf8')).not.toContain(TOKEN);
  });

  it('says what a server answered that does not want it', async () => {
    await using service = await startScriptedService({
      onRegister: (response) => {
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: 'This registration token is used.', code: 'registration-token-dead' }));
      },
    });
    using folder = newFolder();
    const ended = await run(['configure', '--host', service.url, '--token', '-', '--config', folder.path], {
      input: TOKEN,
    });
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toContain('This registration token is used.');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('says that something else answers there', async () => {
    await using service = await startScriptedService({
      onRegister: (response) => response.writeHead(404).end('<html>'),
    });
    using folder = newFolder();
    const ended = await run(['configure', '--host', service.url, '--token', '-', '--config', folder.path], {
      input: TOKEN,
    });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.err).toContain('not a WebXTerm server');
  });

  it.each([
    ['no host', ['configure', '--token', '-']],
    ['no token where nobody can be asked', ['configure', '--host', 'https://127.0.0.1:1']],
    ['an unencrypted server far away', ['configure', '--host', 'http://shell.example.org', '--token', '-']],
    [
      'a user that is not there',
      ['configure', '--host', 'http://127.0.0.1:1', '--token', '-', '--linux-user', 'no-such-user'],
    ],
    ['an unknown option', ['configure', '--host', 'http://127.0.0.1:1', '--tokn', 'x']],
    ['an unknown command', ['configur']],
    ['nothing at all', []],
  ])('wrong usage is told apart: %s', async (_what, args) => {
    using folder = newFolder();
    const ended = await run(args, { env: { WEBXTERM_AGENT_CONFIG: folder.path } });
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.err).not.toBe('');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('takes a token as an argument, and says why that is no good', async () => {
    await using service = await startScriptedService();
    using folder = newFolder();
    const ended = await run(['configure', '--host', service.url, '--token', TOKEN, '--config', folder.path]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.err).toContain('--token -');
    expect(ended.out + ended.err).not.toContain(TOKEN);
  });

  it('does not trust a folder that others may write in', async () => {
    using folder = newFolder();
    const open = path.join(folder.path, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const ended = await run(['configure', '--host', 'http://127.0.0.1:1', '--token', '-', '--config', open], {
      input: TOKEN,
    });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.err).toContain('chmod 700');
  });
});

describe('start', () => {
  it('without a registration says what to do', async () => {
    using folder = newFolder();
    const ended = await run(['start', '--config', folder.path]);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.err).toContain('webxterm-agent configure');
  });

  it('with a damaged configuration keeps it aside and says where', async () => {
    using folder = newFolder();
    writeFileSync(path.join(folder.path, 'agent.json'), '{"format":1,');
    const ended = await run(['start', '--config', folder.path]);
    expect(ended).toMatchObject({ code: 3 });
    const kept = readdirSync(folder.path);
    expect(kept).toEqual([expect.stringMatching(/^agent\.json\.corrupt-\d{8}T\d{6}Z$/u)]);
    expect(ended.err).toContain(kept[0]);
  });

  it('prints one line when it is online, and ends cleanly when it is told to', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    await eventually(agent.out).toMatch(/^Online: .+\n$/u);
    agent.child.kill('SIGINT');
    expect(await link.next('goodbye')).toEqual({ type: 'goodbye', reason: 'stopping' });
    expect(await link.closed).toMatchObject({ code: 1000 });
    expect(await agent.ended).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(joined.folder)).toEqual(['agent.json']);
  });

  it('leaves no shell behind when it ends', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    const terminal = await openTerminal(link, 's1');
    await terminal.ready();
    terminal.type('trap "" HUP; echo "pid=$$."\n');
    await eventually(terminal.text).toMatch(/pid=\d+\./u);
    const pid = Number(/pid=(\d+)\./u.exec(terminal.text())?.[1]);
    agent.child.kill('SIGTERM');
    expect(await link.next('ended')).toMatchObject({ session_id: 's1', reason: 'closed' });
    await agent.ended;
    expect(isGone(pid)).toBe(true);
  });

  it('ends as cleanly when it is told twice at once: by the terminal and by who started it', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    await openTerminal(link, 's1');
    agent.child.kill('SIGINT');
    agent.child.kill('SIGTERM');
    expect(await link.next('goodbye')).toMatchObject({ reason: 'stopping' });
    expect(await agent.ended).toMatchObject({ code: 0 });
  });

  it('goes on when nobody reads what it says any more', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    agent.child.stdout?.destroy();
    agent.child.stderr?.destroy();
    link.say({ type: 'goodbye', reason: 'stopping', message: 'Restarting.' }); // it says so on standard error
    (await service.nextAgent()).say({ type: 'goodbye', reason: 'stopping' }); // and that it was online
    await service.nextAgent();
    expect(agent.child.exitCode).toBeNull();
  });

  it('its shells end with it even when it is killed', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    const first = await openTerminal(link, 's1');
    await first.ready();
    first.type('echo "pid=$$."; sleep 1000\n');
    const second = await openTerminal(link, 's2');
    await second.ready();
    second.type('echo "pid=$$."\n');
    const pids = await Promise.all(
      [first, second].map(async (terminal) => {
        await eventually(terminal.text).toMatch(/pid=\d+\./u);
        return Number(/pid=(\d+)\./u.exec(terminal.text())?.[1]);
      }),
    );
    agent.child.kill('SIGKILL');
    await agent.ended;
    for (const pid of pids) await eventually(() => isRunning(pid)).toBe(false);
  });

  it('a second one is refused, with the number of the first', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    await service.nextAgent();
    const second = await run(['start', '--config', joined.folder]);
    expect(second).toMatchObject({ code: 4 });
    expect(second.err).toContain(String(agent.pid));
    expect(
      await run(['configure', '--host', service.url, '--token', '-', '--config', joined.folder], { input: TOKEN }),
    ).toMatchObject({ code: 4 });
  });

  it('after it was killed, it starts again at once', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const first = await service.nextAgent();
    agent.child.kill('SIGKILL');
    await agent.ended;
    await joined.start();
    const second = await service.nextAgent();
    expect(second.hello.agent_id).toBe(first.hello.agent_id);
    expect(second.hello.boot_id).not.toBe(first.hello.boot_id);
  });
});

/** Running, not only waiting to be buried. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('status', () => {
  it('tells how the agent is, for people and for programs', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: [...ownShells, '--name', 'box'] });
    const stopped = await run(['status', '--config', joined.folder]);
    expect(stopped).toMatchObject({ code: 6 });
    expect(stopped.out).toContain('Not running');

    await joined.start();
    const link = await service.nextAgent();
    await openTerminal(link, 's1');
    await eventually(async () => (await run(['status', '--config', joined.folder])).out).toMatch(
      /Online since .*\n1 session:\n {2}ann by desktop, sudo/u,
    );
    const asJson = await run(['status', '--json', '--config', joined.folder]);
    expect(asJson.code).toBe(0);
    const told: unknown = JSON.parse(asJson.out);
    expect(told).toMatchObject({ configured: true, running: true, name: 'box', status: { link: { at: 'online' } } });
    expect(modeOf(joined.folder, 'status.json')).toBe('600');
  });

  it('does not believe what a killed agent wrote', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    await service.nextAgent();
    await eventually(() => readdirSync(joined.folder)).toContain('status.json');
    agent.child.kill('SIGKILL');
    await agent.ended;
    expect(await run(['status', '--config', joined.folder])).toMatchObject({ code: 6 });
  });
});

describe('unregister', () => {
  it('stops the running agent, tells the service, forgets the key, and says what remains', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service, { options: [...ownShells, '--name', 'box'] });
    const agent = await joined.start();
    const link = await service.nextAgent();
    const leaving = run(['unregister', '--config', joined.folder]);
    expect(await link.next('goodbye')).toMatchObject({ reason: 'stopping' });
    expect(await agent.ended).toMatchObject({ code: 0 });
    expect(await (await service.nextAgent()).next('goodbye')).toEqual({ type: 'goodbye', reason: 'unregistered' });
    const left = await leaving;
    expect(left).toMatchObject({ code: 0 });
    expect(left.out).toContain('The machine box stays in the list');
    expect(readdirSync(joined.folder)).toEqual([]);
  });

  it('works where the server cannot be reached', async () => {
    const service = await startScriptedService();
    await using joined = await join(service);
    await service[Symbol.asyncDispose]();
    expect(await run(['unregister', '--config', joined.folder])).toMatchObject({ code: 0 });
    expect(readdirSync(joined.folder)).toEqual([]);
  });
});

describe('as the child of a desktop', () => {
  it('tells how it is, ends a session and itself when told to', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await forkAgent(['start', '--config', joined.folder]);
    const link = await service.nextAgent();
    await openTerminal(link, 's1');
    await eventually(() => agent.statuses.at(-1)).toMatchObject({
      link: { at: 'online' },
      sessions: [{ session_id: 's1' }],
    });
    agent.command({ type: 'end-session', session_id: 's1' });
    expect(await link.next('ended')).toMatchObject({ session_id: 's1', reason: 'terminated' });
    await eventually(() => agent.statuses.at(-1)?.sessions).toEqual([]);
    agent.command({ type: 'reconnect' });
    await service.nextAgent();
    agent.command({ type: 'stop' });
    expect(await agent.ended).toMatchObject({ code: 0 });
    for (const status of agent.statuses) expect(agentStatus.safeParse(status).success).toBe(true);
  });

  it('ends when its desktop is gone', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await forkAgent(['start', '--config', joined.folder]);
    await service.nextAgent();
    agent.child.disconnect();
    expect(await agent.ended).toMatchObject({ code: 0 });
  });

  it('ends when its desktop was gone before it could listen', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await forkAgent(['start', '--config', joined.folder]);
    agent.child.disconnect();
    expect(await agent.ended).toMatchObject({ code: 0 });
  });
});

describe('the program', () => {
  it('has help, a version, and says how it ends and what it reads', async () => {
    const help = await run(['--help']);
    expect(help).toMatchObject({ code: 0 });
    for (const word of [
      'configure',
      'start',
      'status',
      'unregister',
      'WEBXTERM_AGENT_CONFIG',
      'NO_PROXY',
      'Exit codes',
    ]) {
      expect(help.out).toContain(word);
    }
    expect(await run(['--version'])).toMatchObject({ code: 0, out: '9.9.9\n' });
    expect((await run(['configure', '--help'])).out).toContain('--allow-sudo');
  });

  it('is one that the desktop knows by its command line', async () => {
    expect(path.basename(await agentProgram())).toContain('webxterm-agent');
  });
});
