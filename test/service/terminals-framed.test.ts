import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { terminals, type Session } from '../../protocol/api/terminals.ts';
import { NO_LIMIT } from '../../protocol/wire/control.ts';
import { startBackend, type Backend } from './backend.ts';
import { aColleague, aJoinedMachine, anAdmin, audit, grant, revoke, type Person } from './people.ts';
import { reported, type AgentTalk, type ScriptedAgent } from './scripted-agent.ts';
import { runShells, type ScriptedShells } from './scripted-shells.ts';
import { Refused } from './talk.ts';
import { attachMessage, attachTerminal, connectTerminal, drawn, openTerminal, type } from './terminal-client.ts';

describe('a terminal in webxterm.v1', () => {
  let backend: Backend;
  let admin: Person;
  let agent: ScriptedAgent;
  let link: AgentTalk;
  let shells: ScriptedShells;
  beforeAll(async () => {
    backend = await startBackend({ machines: { maxSessionsPerUser: 3, maxSocketsPerUser: 6 } });
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  /** Each test has an organization and a machine of its own. */
  const start = async (): Promise<AsyncDisposable> => {
    admin = await anAdmin(backend);
    agent = await aJoinedMachine(backend, admin);
    link = await agent.connect();
    shells = runShells(link);
    return link;
  };
  const connect = async (who: Person = admin) => connectTerminal(backend, who, agent.agentId);
  const listed = async (who: Person = admin): Promise<readonly Session[]> => {
    const answer = await backend.request('GET', '/api/terminal/sessions', { token: who.token });
    return terminals.list.answer[200].parse(answer.body).sessions;
  };
  const stored = async (sessionId: string) =>
    backend.store
      .organization(admin.organizationId)
      .read.selectFrom('sessions')
      .selectAll()
      .where('id', '=', sessionId)
      .executeTakeFirst();
  const ends = async (sessionId: string, reason: string): Promise<void> => {
    await vi.waitFor(async () => expect(await stored(sessionId)).toMatchObject({ end_reason: reason }));
  };

  describe('opens', () => {
    it('a shell for its person, stored before the agent is asked', async () => {
      await using _ = await start();
      await using client = await connect();
      client.say({ type: 'open', open_id: 'wish-1', cols: 120, rows: 40, shell: '/bin/zsh', cwd: '/srv' });
      const open = await link.next('open');
      expect(open).toEqual({
        type: 'open',
        session_id: open.session_id,
        user_id: admin.userId,
        username: admin.username,
        source: 'desktop',
        machine_role: 'sudo',
        shell: '/bin/zsh',
        cwd: '/srv',
        cols: 120,
        rows: 40,
        ttl_s: 8 * 3600,
      });
      expect(await client.next('opened')).toEqual({ type: 'opened', session_id: open.session_id });
      expect(await stored(open.session_id)).toMatchObject({ open_id: 'wish-1', ended_at: null });
      const lines = (await audit(backend, admin)).filter((line) => line.action === 'machine_access');
      expect(lines).toMatchObject([
        { resource: agent.agentId, status: 'success', detail: { session_id: open.session_id } },
      ]);
    });

    it('one shell for one wish, however often it is said', async () => {
      await using _ = await start();
      await using client = await connect();
      await using other = await connect();
      const wish = { open_id: 'the-same' };
      const [first, second] = await Promise.all([openTerminal(client, wish), openTerminal(other, wish)]);
      expect(second).toBe(first);
      expect(await openTerminal(client, wish)).toBe(first);
      expect(shells.sessions).toEqual([first]);
    });

    it('nothing while the machine is away, and keeps nothing of it', async () => {
      const away = await start();
      await away[Symbol.asyncDispose]();
      await using client = await connect();
      await vi.waitFor(async () => {
        client.say({ type: 'open', open_id: randomUUID(), cols: 80, rows: 24 });
        expect(await client.next('error')).toMatchObject({ code: 'machine-offline' });
      });
      expect(await listed()).toEqual([]);
    });

    it('what the agent refuses is told with its code, forgotten, in the audit, and may be wished again', async () => {
      admin = await anAdmin(backend);
      agent = await aJoinedMachine(backend, admin);
      link = await agent.connect();
      await using _ = link;
      await using client = await connect();
      client.say({ type: 'open', open_id: 'wish', cols: 80, rows: 24 });
      const { session_id: refused } = await link.next('open');
      link.say({ type: 'refused', session_id: refused, code: 'role-not-enforceable', message: 'There is no setpriv.' });
      expect(await client.next('error')).toEqual({
        type: 'error',
        code: 'role-not-enforceable',
        message: 'There is no setpriv.',
      });
      await vi.waitFor(async () => expect(await stored(refused)).toBeUndefined());
      expect((await audit(backend, admin)).at(-1)).toMatchObject({
        action: 'machine_access',
        status: 'failure',
        detail: { session_id: refused, code: 'role-not-enforceable' },
      });
      shells = runShells(link);
      expect(await openTerminal(client, { open_id: 'wish' })).not.toBe(refused);
    });

    it('no more sessions than a person may have', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessions = [await openTerminal(client), await openTerminal(client), await openTerminal(client)];
      client.say({ type: 'open', open_id: randomUUID(), cols: 80, rows: 24 });
      expect(await client.next('error')).toMatchObject({ code: 'too-many-sessions' });
      await backend.request('DELETE', `/api/terminal/sessions/${sessions[0]}`, { token: admin.token });
      await openTerminal(client);
    });

    it('no more sockets than a person may have', async () => {
      await using _ = await start();
      const clients = await Promise.all(Array.from({ length: 6 }, () => connect()));
      try {
        const refused: unknown = await connect().catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(Refused);
        expect(refused).toMatchObject({ status: 429 });
      } finally {
        await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
      }
    });

    it('for who was granted the machine, with the role of the grant', async () => {
      await using _ = await start();
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      await using client = await connect(colleague);
      await openTerminal(client);
      expect(await link.next('open')).toMatchObject({ user_id: colleague.userId, machine_role: 'non-sudo' });
    });
  });

  describe('refused before the upgrade', () => {
    it.each([
      ['without a token', () => ({ token: '' }), 401],
      ['with a token nobody signed', () => ({ token: 'a.b.c' }), 401],
      ['of another organization', async () => anAdmin(backend), 404],
      ['without a grant', async () => aColleague(backend, admin), 404],
    ])('%s', async (_case, who, status) => {
      await using _ = await start();
      const refused: unknown = await connectTerminal(backend, await who(), agent.agentId).catch(
        (error: unknown) => error,
      );
      expect(refused).toBeInstanceOf(Refused);
      expect(refused).toMatchObject({ status });
    });
  });

  describe('attached', () => {
    it('carries bytes both ways and the size', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      shells.print(sessionId, 'before ');
      expect(await attachTerminal(client, sessionId, { cols: 100, rows: 30 })).toMatchObject({
        n: 1,
        mode: 'control',
        output_offset: 0,
        truncated: 0,
        cols: 100,
        rows: 30,
      });
      shells.print(sessionId, 'after ✓');
      await vi.waitFor(() => expect(drawn(client).toString()).toBe('before after ✓'));
      type(client, 'ls\r');
      expect(await client.nextFrame('input-ack')).toMatchObject({ channel: 0, offset: 3 });
      expect(shells.typed(sessionId)).toBe('ls\r');
      client.say({ type: 'resize', cols: 90, rows: 20 });
      await vi.waitFor(() => expect(shells.sizeOf(sessionId)).toMatchObject({ cols: 90, rows: 20 }));
    });

    it('by one that asks for everything and reads nothing, it is cut off, and the shell lives', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId, { window: NO_LIMIT });
      client.socket.pause();
      shells.print(sessionId, Buffer.alloc(40 * 1024 * 1024, 'x'));
      await vi.waitFor(async () => expect(await listed()).toMatchObject([{ attached: false, status: 'active' }]), {
        timeout: 10_000,
      });
    });

    it('is no further than its credit: what is not drawn is not sent', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId, { window: 1000 });
      shells.print(sessionId, 'x'.repeat(5000));
      await vi.waitFor(() => expect(drawn(client)).toHaveLength(1000));
      client.send({ kind: 'output-ack', channel: 0, offset: 1000, window: 1500 });
      await vi.waitFor(() => expect(drawn(client)).toHaveLength(2500));
    });

    it('is listed with whom, where and how much', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId, { cols: 101, rows: 31 });
      shells.print(sessionId, '12345');
      await vi.waitFor(async () =>
        expect(await listed()).toMatchObject([
          {
            session_id: sessionId,
            agent_id: agent.agentId,
            user_id: admin.userId,
            username: admin.username,
            source: 'desktop',
            status: 'active',
            browser: 'WebXTerm Desktop 0.0.0',
            os: 'Linux',
            attached: true,
            cols: 101,
            rows: 31,
            bytes_out: 5,
            recording: true,
          },
        ]),
      );
    });

    it('goes on after a lost socket, without a byte missing (pain: session gone, "use tmux")', async () => {
      await using _ = await start();
      const first = await connect();
      const sessionId = await openTerminal(first);
      await attachTerminal(first, sessionId);
      shells.print(sessionId, 'one ');
      await vi.waitFor(() => expect(drawn(first)).toHaveLength(4));
      await first[Symbol.asyncDispose]();
      shells.print(sessionId, 'two ');
      await vi.waitFor(async () => expect(await listed()).toMatchObject([{ attached: false }]));
      await using second = await connect();
      const again = await attachTerminal(second, sessionId, { want: 4, consumed: 4 });
      expect(again).toMatchObject({ output_offset: 4, truncated: 0 });
      await vi.waitFor(() => expect(drawn(second, 4).toString()).toBe('two '));
    });

    it('waits while the agent is away, told so, and goes on when it is back (pain: zombie sessions)', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      shells.print(sessionId, 'one ');
      await vi.waitFor(() => expect(drawn(client)).toHaveLength(4));
      link.socket.terminate();
      expect(await client.next('detached')).toMatchObject({ n: 1, reason: 'agent-away' });
      client.say(attachMessage(sessionId, { n: 2, want: 4, consumed: 4 }));
      expect(await client.next('waiting')).toMatchObject({ n: 2 });
      shells.print(sessionId, 'two ');
      await using back = await agent.connect({
        sessions: [reported(sessionId, { output_offset: 8, client: 'client-of-the-test' })],
      });
      shells.moveTo(back);
      expect(await client.next('attached')).toMatchObject({ n: 2, output_offset: 4 });
      await vi.waitFor(() => expect(drawn(client).toString()).toBe('one two '));
    });

    it('ends with its shell: told, stored with its code, and gone from the list', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      shells.print(sessionId, 'bye');
      shells.exit(sessionId, 3);
      expect(await client.next('exit')).toMatchObject({ exit_code: 3, reason: 'exited', output_offset: 3 });
      await ends(sessionId, 'exited');
      expect(await stored(sessionId)).toMatchObject({ exit_code: 3, bytes_out: 3 });
      expect(await listed()).toEqual([]);
    });

    it('that its person closes is closed on the machine', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      client.say({ type: 'close' });
      expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'closed' });
      await ends(sessionId, 'closed');
    });

    it('cannot be had by who does not own it but for viewing', async () => {
      await using _ = await start();
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      await using theirs = await connect(colleague);
      const sessionId = await openTerminal(theirs);
      await attachTerminal(theirs, sessionId);
      await using mine = await connect();
      mine.say(attachMessage(sessionId, { client: 'of-the-admin', take: true }));
      expect(await link.next('attach')).toBeDefined();
      await vi.waitFor(() => {
        const modes = link.heard.flatMap((message) => (message.type === 'attach' ? [message.mode] : []));
        expect(modes).toContain('view');
        expect(modes.filter((mode) => mode === 'control')).toHaveLength(1);
      });
    });

    it('says in the audit who looked over whose shoulder, once for a connection', async () => {
      await using _ = await start();
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      await using theirs = await connect(colleague);
      const sessionId = await openTerminal(theirs);
      await attachTerminal(theirs, sessionId);
      await using mine = await connect();
      for (const n of [1, 2]) await attachTerminal(mine, sessionId, { n, client: 'of-the-admin', mode: 'view' });
      const lines = (await audit(backend, admin)).filter((line) => line.resource === sessionId);
      expect(lines).toMatchObject([
        {
          action: 'session_viewed',
          username: admin.username,
          detail: { agent_id: agent.agentId, of_user: colleague.userId },
        },
      ]);
    });
  });

  describe('is not given', () => {
    it.each([
      ['a session that is not there', () => Promise.resolve(randomUUID())],
      [
        'a session of somebody else',
        async () => {
          const colleague = await aColleague(backend, admin);
          await grant(backend, colleague, agent.agentId);
          await using theirs = await connect(colleague);
          return await openTerminal(theirs);
        },
      ],
      [
        'a session of another machine',
        async () => {
          const other = await aJoinedMachine(backend, admin);
          await using otherLink = await other.connect();
          runShells(otherLink);
          await using there = await connectTerminal(backend, admin, other.agentId);
          return await openTerminal(there);
        },
      ],
    ])('%s', async (what, sessionId) => {
      await using _ = await start();
      const id = await sessionId();
      const who = what.includes('somebody') ? await aColleague(backend, admin) : admin;
      if (who !== admin) await grant(backend, who, agent.agentId);
      await using client = await connect(who);
      client.say(attachMessage(id));
      expect(await client.next('error')).toMatchObject({ code: 'not-found' });
    });

    it('a session that is over', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await backend.request('DELETE', `/api/terminal/sessions/${sessionId}`, { token: admin.token });
      await link.next('close');
      client.say(attachMessage(sessionId));
      expect(await client.next('error')).toMatchObject({ code: 'session-ended' });
    });
  });

  describe('a message that breaks the rules', () => {
    it.each([
      ['what is no JSON', '{"type":', 'bad-json'],
      ['an unknown type', '{"type":"dance"}', 'bad-message'],
      ['a missing field', '{"type":"open","open_id":"x"}', 'bad-message'],
      ['a size that no terminal has', '{"type":"resize","cols":0,"rows":24}', 'bad-message'],
      ['a frame without a header', Buffer.alloc(3), 'bad-frame'],
      ['a frame of an unknown kind', Buffer.alloc(20, 9), 'bad-frame'],
      ['a message over 1 MiB', 'x'.repeat(1024 * 1024 + 1), 'too-large'],
    ])('closes its socket with a code, and disturbs no other: %s', async (_case, said, code) => {
      await using _ = await start();
      await using client = await connect();
      await using other = await connect();
      const sessionId = await openTerminal(other);
      await attachTerminal(other, sessionId);
      client.socket.send(said);
      expect(await client.next('error')).toMatchObject({ code });
      expect(await client.closed).toEqual({ code: 1008, reason: code });
      shells.print(sessionId, 'still here');
      await vi.waitFor(() => expect(drawn(other).toString()).toBe('still here'));
    });

    it('within a channel costs the channel only', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      client.send({ kind: 'output-ack', channel: 0, offset: 1_000_000, window: 1 });
      expect(await client.next('detached')).toMatchObject({ reason: 'fault', code: 'offset-out-of-range' });
      expect(await attachTerminal(client, sessionId, { n: 2, want: 0, consumed: 0 })).toMatchObject({ n: 2 });
    });
  });

  describe('loses its right', () => {
    it('when its person signs out: 4401, and the shell lives on', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      await backend.request('POST', '/api/auth/logout', { token: admin.token });
      expect(await client.closed).toMatchObject({ code: 4401 });
      expect(await link.next('detach')).toBeDefined();
      expect(await stored(sessionId)).toMatchObject({ ended_at: null });
    });

    it('when the grant is taken back: 4403, and the shell ends', async () => {
      await using _ = await start();
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      await using theirs = await connect(colleague);
      await using mine = await connect();
      const [sessionId, ownId] = [await openTerminal(theirs), await openTerminal(mine)];
      await attachTerminal(theirs, sessionId);
      await revoke(backend, colleague, agent.agentId);
      expect(await theirs.closed).toMatchObject({ code: 4403 });
      expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
      expect(await stored(sessionId)).toMatchObject({ end_reason: 'revoked' });
      expect(await stored(ownId)).toMatchObject({ ended_at: null });
    });

    it('not when another grant remains: it dials again for its new rights', async () => {
      await using _ = await start();
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      await using client = await connect(colleague);
      const sessionId = await openTerminal(client);
      const { organizationId, userId } = colleague;
      await backend.store
        .organization(organizationId)
        .upkeep((tx) => tx.updateTable('machine_grants').set({ machine_role: 'sudo' }).execute());
      backend.bus.publish('access.changed', { organizationId, userId, agentId: agent.agentId });
      expect(await client.closed).toMatchObject({ code: 1012 });
      expect(await stored(sessionId)).toMatchObject({ ended_at: null });
    });

    it('when the machine is deleted: 4403, its sessions end, its agent is told', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      await backend.request('DELETE', `/api/machines/${agent.agentId}`, { token: admin.token });
      expect(await client.closed).toMatchObject({ code: 4403 });
      expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
      expect(await link.next('goodbye')).toMatchObject({ reason: 'revoked' });
      expect(await stored(sessionId)).toMatchObject({ end_reason: 'revoked', machine_id: null });
    });

    it('when an account is disabled its shells end', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      backend.bus.publish('user.disabled', { organizationId: admin.organizationId, userId: admin.userId });
      await ends(sessionId, 'revoked');
      expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
    });
  });

  describe('ended from outside', () => {
    it('tells its client and the machine, and who did it is in the audit', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      const answer = await backend.request('DELETE', `/api/terminal/sessions/${sessionId}`, { token: admin.token });
      expect(answer).toMatchObject({ status: 200, body: { message: 'Session closed' } });
      expect(await client.next('error')).toMatchObject({ code: 'session-ended' });
      expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'terminated' });
      expect(await stored(sessionId)).toMatchObject({ end_reason: 'terminated' });
      const lines = (await audit(backend, admin)).filter((line) => line.resource === sessionId);
      expect(lines).toMatchObject([{ action: 'session_terminated', username: admin.username }]);
    });

    it('is only for who may see it, and only once', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      const address = `/api/terminal/sessions/${sessionId}`;
      for (const who of [colleague, await anAdmin(backend)]) {
        expect(await backend.request('DELETE', address, { token: who.token })).toMatchObject({
          status: 404,
          body: { code: 'not-found' },
        });
      }
      expect((await backend.request('DELETE', address, { token: admin.token })).status).toBe(200);
      expect((await backend.request('DELETE', address, { token: admin.token })).status).toBe(404);
    });

    it('lists to a colleague its own, to the owner of the machine and to admins all', async () => {
      await using _ = await start();
      const colleague = await aColleague(backend, admin);
      await grant(backend, colleague, agent.agentId);
      await using mine = await connect();
      await using theirs = await connect(colleague);
      const [ownId, theirId] = [await openTerminal(mine), await openTerminal(theirs)];
      expect((await listed(colleague)).map((session) => session.session_id)).toEqual([theirId]);
      const all = (await listed()).map((session) => session.session_id);
      expect(new Set(all)).toEqual(new Set([ownId, theirId]));
    });
  });

  describe('at the next hello of the agent', () => {
    it('a session that ended while it was away is closed', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      link.socket.terminate();
      await vi.waitFor(async () => {
        const away = await backend.request('DELETE', `/api/terminal/sessions/${sessionId}`, { token: admin.token });
        expect([200, 404]).toContain(away.status);
      });
      await using back = await agent.connect({ sessions: [reported(sessionId)] });
      expect(await back.next('close')).toEqual({ type: 'close', session_id: sessionId, reason: 'terminated' });
    });

    it('a session that it does not know any more is over (pain: zombie sessions)', async () => {
      await using _ = await start();
      await using client = await connect();
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      link.socket.terminate();
      await client.next('detached');
      client.say(attachMessage(sessionId, { n: 2 }));
      await client.next('waiting');
      await using back = await agent.connect({ boot_id: 'after-a-reboot', sessions: [] });
      expect(await client.next('error')).toMatchObject({ code: 'session-ended' });
      await ends(sessionId, 'agent-gone');
      expect(back.heard.map((message) => message.type)).not.toContain('attach');
    });

    it('a session that nobody stored is closed', async () => {
      await using _ = await start();
      const unknown = randomUUID();
      await using back = await agent.connect({ sessions: [reported(unknown)] });
      expect(await back.next('close')).toEqual({ type: 'close', session_id: unknown, reason: 'closed' });
    });
  });

  it('survives a restart of the service: the agent reports it, the client attaches again (pain: session gone)', async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'webxterm-restart-'));
    let running = await startBackend({ dataFolder });
    try {
      const owner = await anAdmin(running);
      const machine = await aJoinedMachine(running, owner);
      const before = await machine.connect();
      const shell = runShells(before);
      const client = await connectTerminal(running, owner, machine.agentId);
      const sessionId = await openTerminal(client);
      await attachTerminal(client, sessionId);
      shell.print(sessionId, 'one ');
      await vi.waitFor(() => expect(drawn(client)).toHaveLength(4));
      await running[Symbol.asyncDispose]();
      await Promise.all([before.closed, client.closed]);
      running = await startBackend({ dataFolder, port: running.port });
      await using after = await machine.connect({ sessions: [reported(sessionId, { output_offset: 4 })] });
      shell.moveTo(after);
      shell.print(sessionId, 'two ');
      await using again = await connectTerminal(running, owner, machine.agentId);
      const attached = await attachTerminal(again, sessionId, { n: 2, want: 4, consumed: 4 });
      expect(attached).toMatchObject({ output_offset: 4, truncated: 0 });
      await vi.waitFor(() => expect(drawn(again, 4).toString()).toBe('two '));
    } finally {
      await running[Symbol.asyncDispose]();
      await rm(dataFolder, { recursive: true });
    }
  });
});
