import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { terminals, type Session } from '../../protocol/api/terminals.ts';
import { startBackend, type Backend } from './backend.ts';
import { aColleague, aJoinedMachine, anAdmin, grant, type Person } from './people.ts';
import { reported, type AgentTalk, type ScriptedAgent } from './scripted-agent.ts';
import { runShells, type ScriptedShells } from './scripted-shells.ts';
import { attachTerminal, connectPlain, connectTerminal, openTerminal } from './terminal-client.ts';

describe('a terminal in the plain dialect', () => {
  let backend: Backend;
  let admin: Person;
  let agent: ScriptedAgent;
  let link: AgentTalk;
  let shells: ScriptedShells;
  beforeAll(async () => {
    backend = await startBackend({ machines: { maxSessionsPerUser: 2, plainLingerS: 30 } });
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const start = async (): Promise<AsyncDisposable> => {
    admin = await anAdmin(backend);
    agent = await aJoinedMachine(backend, admin);
    link = await agent.connect();
    shells = runShells(link);
    return link;
  };
  const connect = async (query: Readonly<Record<string, string>> = {}) =>
    connectPlain(backend, agent.agentId, { token: admin.token, ...query });
  /** The session of the only shell, once its client is attached. */
  const running = async (): Promise<string> => {
    await vi.waitFor(() =>
      expect(link.heard.some((message) => message.type === 'attach' && message.mode === 'control')).toBe(true),
    );
    return shells.sessions[0] ?? '';
  };
  const refusal = async (query: Readonly<Record<string, string>>): Promise<unknown> =>
    fetchRefusal(`${backend.url}/api/terminal/${agent.agentId}/ws?${new URLSearchParams(query).toString()}`);
  const listed = async (): Promise<readonly Session[]> => {
    const answer = await backend.request('GET', '/api/terminal/sessions', { token: admin.token });
    return terminals.list.answer[200].parse(answer.body).sessions;
  };

  it('opens a shell of the size and source that the URL says', async () => {
    await using _ = await start();
    await using client = await connect({ cols: '132', rows: '43', source: 'vscode' });
    expect(await link.next('open')).toMatchObject({ cols: 132, rows: 43, source: 'vscode', ttl_s: 30 });
    await running();
    expect(await listed()).toMatchObject([{ source: 'vscode', attached: true }]);
    expect(client.text).toBe('');
  });

  it('draws output as text and types what comes as text, wrapped or not', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    shells.print(sessionId, '$ ');
    client.say('ls ');
    client.say(JSON.stringify({ type: 'input', input: '-l é\r' }));
    client.say('{"not":"ours"}');
    await vi.waitFor(() => expect(shells.typed(sessionId)).toBe('ls -l é\r{"not":"ours"}'));
    await vi.waitFor(() => expect(client.text).toBe('$ '));
  });

  it('takes a size, and none that no terminal has', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    client.say(JSON.stringify({ type: 'resize', cols: 0, rows: 0 }));
    client.say(JSON.stringify({ type: 'resize', cols: 120, rows: 40 }));
    await vi.waitFor(() => expect(shells.sizeOf(sessionId)).toMatchObject({ cols: 120, rows: 40 }));
    expect(shells.typed(sessionId)).toBe('');
  });

  it('cuts output at whole characters only, wherever the machine cut it', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    const text = 'añ✓👩‍💻\uFEFF漢字';
    for (const byte of Buffer.from(text)) shells.print(sessionId, Uint8Array.of(byte));
    await vi.waitFor(() => expect(client.text).toBe(text));
    expect(client.messages.join('|')).not.toContain('\uFFFD');
  });

  it('takes a pasted megabyte whole, and no more at once than the shell takes', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    const pasted = Array.from({ length: 1000 }, (_each, i) => `${i}`.padStart(1000, '.')).join('');
    client.say(pasted);
    client.say('\r');
    await vi.waitFor(() => expect(shells.typed(sessionId)).toBe(`${pasted}\r`), { timeout: 10_000 });
  });

  it('asks for no more output than its client reads (pain: gigabytes of memory), and gets all of it', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    const line = `${'.'.repeat(998)}\r\n`;
    const flood = line.repeat(32_000);
    client.socket.pause();
    shells.print(sessionId, flood);
    const limits: number[] = [];
    await vi.waitFor(
      () => {
        limits.push(creditOf(link));
        expect(limits.slice(-4)).toEqual(Array.from({ length: 4 }, () => limits.at(-1)));
      },
      { interval: 100, timeout: 10_000 },
    );
    // What the kernel's buffers hold is read in a sense; the rest waits on the machine.
    expect(creditOf(link)).toBeLessThan(flood.length / 2);
    client.socket.resume();
    await vi.waitFor(() => expect(client.text.length).toBe(flood.length), { timeout: 50_000 });
    expect(client.text === flood).toBe(true);
  });

  it('closes when its shell ends, after its last word', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    shells.print(sessionId, 'logout');
    shells.exit(sessionId, 0);
    expect(await client.closed).toEqual({ code: 1000, reason: 'exited' });
    expect(client.text).toBe('logout');
    expect(await link.next('close')).toMatchObject({ session_id: sessionId });
  });

  it('is joined again by its session, and the one before gives way', async () => {
    await using _ = await start();
    await using first = await connect();
    const sessionId = await running();
    shells.print(sessionId, 'left on the screen');
    await vi.waitFor(() => expect(first.text).toBe('left on the screen'));
    await using second = await connect({ session_id: sessionId });
    await vi.waitFor(() => expect(second.text).toBe('left on the screen'));
    expect(await first.closed).toMatchObject({ code: 4409, reason: 'taken' });
    second.say('x');
    await vi.waitFor(() => expect(shells.typed(sessionId)).toBe('x'));
    expect(shells.sessions).toHaveLength(1);
  });

  it('goes on by itself when the agent was cut off, without a byte twice', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    shells.print(sessionId, 'one ');
    client.say('a');
    await vi.waitFor(() => expect([client.text, shells.typed(sessionId)]).toEqual(['one ', 'a']));
    link.socket.terminate();
    client.say('b');
    await using back = await agent.connect({ sessions: [reported(sessionId, { output_offset: 4 })] });
    shells.moveTo(back);
    shells.print(sessionId, 'two');
    await vi.waitFor(() => expect([client.text, shells.typed(sessionId)]).toEqual(['one two', 'ab']));
  });

  it('that is ended from outside closes', async () => {
    await using _ = await start();
    await using client = await connect();
    const sessionId = await running();
    await backend.request('DELETE', `/api/terminal/sessions/${sessionId}`, { token: admin.token });
    expect(await client.closed).toMatchObject({ code: 1011, reason: 'session-ended' });
  });

  it('that says too much at once is closed', async () => {
    await using _ = await start();
    await using client = await connect();
    client.say('x'.repeat(1024 * 1024 + 1));
    expect(await client.closed).toEqual({ code: 1008, reason: 'too-large' });
  });

  describe('is refused before the upgrade', () => {
    it('without a token that holds', async () => {
      await using _ = await start();
      expect(await refusal({ token: 'a.b.c' })).toBe(401);
      expect(await refusal({})).toBe(401);
    });

    it('for a machine that is away', async () => {
      await using _ = await start();
      const away = await aJoinedMachine(backend, admin);
      expect(await fetchRefusal(`${backend.url}/api/terminal/${away.agentId}/ws?token=${admin.token}`)).toBe(503);
    });

    it('for a machine nobody granted', async () => {
      await using _ = await start();
      const colleague = await aColleague(backend, admin);
      expect(await refusal({ token: colleague.token })).toBe(404);
    });

    it('for a session that is not the own', async () => {
      await using _ = await start();
      await using client = await connectTerminal(backend, admin, agent.agentId);
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      expect(await refusal({ token: colleague.token, session_id: sessionId })).toBe(404);
      expect(await refusal({ token: admin.token, session_id: randomUUID() })).toBe(404);
    });

    it('for one session too many', async () => {
      await using _ = await start();
      await using client = await connectTerminal(backend, admin, agent.agentId);
      await openTerminal(client);
      await openTerminal(client);
      expect(await refusal({ token: admin.token })).toBe(429);
    });

    it.each([
      ['a size that is no number', { cols: 'wide' }],
      ['a source nobody knows', { source: 'telnet' }],
      ['a session that is no id', { session_id: '7' }],
    ])('for %s', async (_case, query) => {
      await using _ = await start();
      expect(await refusal({ token: admin.token, ...query })).toBe(400);
    });
  });
});

/** How far the agent may send. */
function creditOf(link: AgentTalk): number {
  return Math.max(0, ...link.frames.map((frame) => (frame.kind === 'output-ack' ? frame.offset + frame.window : 0)));
}

/** The status of an upgrade that is refused; null when it is not. */
async function fetchRefusal(url: string): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('open', () => {
      resolve(null);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}
