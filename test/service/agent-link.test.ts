/** The agent's one socket: its proof, its losses, its returns, and what bad input gets. */
import { WebSocket } from 'ws';
import { describe, expect, it } from 'vitest';
import { forkAgent } from './agent-process.ts';
import { eventually, join, linkOf, openTerminal, size } from './agents-here.ts';
import { startCuttable } from './cuttable.ts';
import { isSigned, startScriptedService, type AgentLink } from './scripted-service.ts';

describe('the proof', () => {
  it('is bound to the host that was dialled: a challenge passed on by another server proves nothing', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextLink();
    const nonce = 'a nonce of the real server';
    link.say({ type: 'challenge', nonce });
    const hello = await link.next('hello');
    const key = service.joined[0]?.public_key ?? '';
    expect(isSigned(hello, service.host, nonce, key)).toBe(true);
    expect(isSigned(hello, 'real.example.org', nonce, key)).toBe(false);
    expect(isSigned(hello, service.host, 'another nonce of it', key)).toBe(false);
  });

  it('is given once, to a server that asks for it before it says welcome', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextLink();
    link.say({ type: 'welcome', heartbeat_s: 30, reconnect_spread_s: 0, config: { linux_user: null } });
    expect(await link.closed).toMatchObject({ code: 1008, reason: 'out-of-order' });
    expect(link.heard).toEqual([]);
  });

  it('data before the welcome is taken from nobody', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextLink();
    link.send({ kind: 'input', channel: 1, offset: 0, typedAt: 0, payload: Buffer.from('id\n') });
    expect(await link.closed).toMatchObject({ code: 1008, reason: 'out-of-order' });
  });

  it('no secret goes over the wire', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    expect(service.dialled[0]?.headers).not.toHaveProperty('authorization');
    expect(JSON.stringify([service.dialled[0]?.headers, link.heard])).not.toContain('vsay_');
  });
});

describe('heartbeats', () => {
  it('come at once and then at the pace the service asked for, with real figures', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent({ heartbeat_s: 0.05 });
    for (let beat = 0; beat < 3; beat += 1) {
      const { memory_percent, disk_percent, uptime_seconds } = await link.next('heartbeat');
      expect(Math.min(memory_percent, disk_percent, uptime_seconds)).toBeGreaterThan(0);
    }
  });
});

describe('a lost link', () => {
  it('the session is not gone with it: the shell lives on and not one byte is missing or doubled', async () => {
    await using service = await startScriptedService();
    await using way = await startCuttable(service.port);
    await using joined = await join({ url: way.url });
    await joined.start();
    const host = new URL(way.url).host;
    const next = async () => {
      const link = await service.nextLink();
      link.say({ type: 'challenge', nonce: 'a nonce of this test' });
      const hello = await link.next('hello');
      expect(isSigned(hello, host, 'a nonce of this test', service.joined[0]?.public_key ?? '')).toBe(true);
      link.say({ type: 'welcome', heartbeat_s: 30, reconnect_spread_s: 0, config: { linux_user: null } });
      return { link, hello };
    };
    const first = await next();
    const terminal = await openTerminal(first.link, 's1');
    await terminal.ready();
    terminal.type('stty -echo; seq 1 800000; printf "over%s\\n" .\n');
    let cuts = 0;
    for (; cuts < 4 && !terminal.text().includes('over.'); cuts += 1) {
      const shown = terminal.count();
      await eventually(() => terminal.count()).toBeGreaterThan(shown);
      way.cut();
      const { link, hello } = await next();
      expect(hello.sessions).toMatchObject([{ session_id: 's1', client: 'c1', exited: false }]);
      await terminal.attach(link, 100 + cuts);
    }
    expect(cuts).toBeGreaterThanOrEqual(2); // in the middle of it, however fast this computer is
    await terminal.shows('over.');
    const lines = terminal
      .text()
      .split('\r\n')
      .filter((line) => /^\d+$/u.test(line));
    expect(lines.length).toBe(800_000);
    expect(lines.every((line, index) => line === String(index + 1))).toBe(true);
  });

  it('input is taken once, whatever was sent again', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    const terminal = await openTerminal(link, 's1');
    await terminal.ready();
    terminal.type('echo one-$((1+1))\n');
    await terminal.shows('one-2');
    link.socket.terminate();
    const attached = await terminal.attach(await service.nextAgent(), 200);
    expect(attached.input_offset).toBe('echo one-$((1+1))\n'.length);
    terminal.sendFrom(0, 'echo one-$((1+1))\necho two-$((2+2))\n');
    await terminal.shows('two-4');
    expect(terminal.text().match(/one-2/gu)).toHaveLength(1);
  });

  it('brings the agent back; busy servers are left alone as long as they ask', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    const since = performance.now();
    link.say({ type: 'goodbye', reason: 'busy', retry_after_s: 1.5 });
    await service.nextAgent();
    expect(performance.now() - since).toBeGreaterThanOrEqual(1_500);
  });
});

describe('a goodbye', () => {
  it('of a clone that took its place: it stays away and says so, its shells live, and it comes back when asked', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await forkAgent(['start', '--config', joined.folder]);
    const link = await service.nextAgent();
    await openTerminal(link, 's1');
    link.say({ type: 'goodbye', reason: 'replaced' });
    await eventually(() => agent.statuses.at(-1)?.link).toMatchObject({ at: 'stopped', code: 'replaced' });
    expect(service.dialled).toHaveLength(1);
    agent.command({ type: 'reconnect' });
    expect((await service.nextAgent()).hello.sessions).toMatchObject([{ session_id: 's1' }]);
    agent.command({ type: 'stop' });
    await agent.ended;
  });

  it('of a server that removed the machine: the agent ends, and with it its shells', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    await openTerminal(link, 's1');
    link.say({ type: 'goodbye', reason: 'revoked', message: 'This machine was removed.' });
    const ended = await agent.ended;
    expect(ended).toMatchObject({ code: 5 });
    expect(ended.err).toContain('This machine was removed.');
  });

  it('an agent that is too old says so, keeps its shells and does not loop', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    await openTerminal(link, 's1');
    link.say({ type: 'goodbye', reason: 'unsupported', message: 'Agent 9.9.9 is too old: update it.' });
    await eventually(() => linkOf(joined)).toMatchObject({
      at: 'waiting',
      failed_step: 'version',
      code: 'unsupported',
    });
    const waiting = linkOf(joined);
    expect(waiting?.at === 'waiting' ? Date.parse(waiting.next_try_at) - Date.now() : 0).toBeGreaterThan(60_000);
    expect(agent.err()).toContain('Agent 9.9.9 is too old: update it.');
  });

  it('of a server that does not know the key: it waits minutes, not seconds', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextLink();
    await service.prove(link);
    link.say({ type: 'goodbye', reason: 'unauthorized' });
    await eventually(() => linkOf(joined)).toMatchObject({ at: 'waiting', failed_step: 'credential' });
    const waiting = linkOf(joined);
    expect(waiting?.at === 'waiting' ? Date.parse(waiting.next_try_at) - Date.now() : 0).toBeGreaterThan(60_000);
  });
});

const sendRaw = (link: AgentLink, data: string | Buffer) => link.socket.send(data);

describe('bad input of a server', () => {
  it.each<[string, (link: AgentLink) => void, string]>([
    ['text that is no JSON', (link) => sendRaw(link, '{"type":'), 'bad-message'],
    ['a message of no known type', (link) => sendRaw(link, '{"type":"shutdown"}'), 'bad-message'],
    ['a field of the wrong type', (link) => sendRaw(link, '{"type":"detach","channel":"1"}'), 'bad-message'],
    ['a frame that is too short', (link) => sendRaw(link, Buffer.from([2, 0, 0])), 'too-short'],
    ['a frame of an unknown kind', (link) => sendRaw(link, Buffer.alloc(20, 9)), 'unknown-kind'],
    [
      'output, which only agents send',
      (link) => link.send({ kind: 'output', channel: 1, offset: 0, payload: Buffer.from('x') }),
      'wrong-direction',
    ],
    [
      'a second welcome',
      (link) => link.say({ type: 'welcome', heartbeat_s: 1, reconnect_spread_s: 0, config: { linux_user: null } }),
      'out-of-order',
    ],
  ])('%s ends that link with its code, nothing else', async (_what, send, code) => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    const agent = await joined.start();
    const link = await service.nextAgent();
    await openTerminal(link, 's1');
    send(link);
    expect(await link.closed).toEqual({ code: 1008, reason: code });
    expect((await service.nextAgent()).hello.sessions).toMatchObject([{ session_id: 's1', exited: false }]);
    expect(agent.child.exitCode).toBeNull();
  });

  it('a message over 1 MiB ends that link, nothing else', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    sendRaw(link, Buffer.alloc(1024 * 1024 + 1));
    expect((await link.closed).code).toBe(1009);
    await service.nextAgent();
  });

  it('messages for channels and sessions that are not there disturb nothing', async () => {
    await using service = await startScriptedService();
    await using joined = await join(service);
    await joined.start();
    const link = await service.nextAgent();
    link.say({ type: 'detach', channel: 77 });
    link.say({ type: 'resize', channel: 77, ...size });
    link.say({ type: 'close', session_id: 'none', reason: 'closed' });
    link.send({ kind: 'input', channel: 77, offset: 0, typedAt: 0, payload: Buffer.from('x') });
    const asked = { type: 'attach', session_id: 'none', channel: 78, mode: 'control', client: 'c', ...size } as const;
    link.say({ ...asked, want: null, from: null, consumed: null, window: 1 });
    expect(await link.next('unknown-session')).toEqual({ type: 'unknown-session', session_id: 'none', channel: 78 });
    expect(link.socket.readyState).toBe(WebSocket.OPEN);
  });
});
