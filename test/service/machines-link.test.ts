import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashSecret, newSecret } from '../../backend/store/secret.ts';
import { machines, type Machine } from '../../protocol/api/machines.ts';
import {
  AGENT_SUBPROTOCOL,
  toAgent,
  type FromAgent,
  type Heartbeat,
  type ToAgent,
} from '../../protocol/wire/control.ts';
import { startBackend, type Backend } from './backend.ts';
import { aJoinedMachine, aMachine, anAdmin, audit, type Person } from './people.ts';
import { joinScripted, newAgentKey, scriptedAgent, type ScriptedAgent } from './scripted-agent.ts';
import { newObjectId } from './store.ts';
import { Refused, talk } from './talk.ts';

const figures: Heartbeat = {
  cpu_percent: 12.34,
  memory_percent: 50,
  disk_percent: 70,
  network_rx_bytes: 1000,
  network_tx_bytes: 2000,
  uptime_seconds: 2 * 86_400 + 3600,
};

describe("an agent's socket", () => {
  let backend: Backend;
  let admin: Person;
  beforeAll(async () => {
    backend = await startBackend({
      environment: { TRUSTED_PROXIES: '127.0.0.1' },
      machines: {
        helloWithinMs: 300,
        offlineAfterMs: 200,
        heartbeatLostMs: 1500,
        heartbeatBatchMs: 10,
        pingMs: 100,
        silentMs: 400,
        maxUnprovenPerAddress: 4,
        reconnectSpreadS: 7,
        heartbeatS: 11,
      },
    });
    admin = await anAdmin(backend);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const machineOf = async ({ agentId }: Pick<ScriptedAgent, 'agentId'>): Promise<Machine> => {
    const answer = await backend.request('GET', `/api/machines/${agentId}`, { token: admin.token });
    return machines.get.answer[200].parse(answer.body).machine;
  };
  const becomes = async (agent: ScriptedAgent, status: Machine['status']): Promise<void> => {
    await vi.waitFor(async () => expect((await machineOf(agent)).status).toBe(status), { timeout: 5000 });
  };
  const dial = async (subprotocols: readonly string[], headers = {}) =>
    talk<ToAgent, FromAgent>(`${backend.url.replace('http', 'ws')}/api/agent/ws`, subprotocols, toAgent, { headers });
  const from = (address: string) => dial([AGENT_SUBPROTOCOL], { 'x-forwarded-for': address });

  describe('proving who it is', () => {
    it('is welcomed with its heartbeat, its config and the spread of a reconnect (pain: reconnect storm)', async () => {
      const agent = await aJoinedMachine(backend, admin, { linux_user: 'deploy' });
      const { link, nonce } = await agent.dial();
      await using _ = link;
      link.say(agent.hello(nonce));
      expect(await link.next('welcome')).toEqual({
        type: 'welcome',
        heartbeat_s: 11,
        reconnect_spread_s: 7,
        config: { linux_user: 'deploy' },
      });
      await becomes(agent, 'online');
    });

    it('says at once what it found of the machine', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect({ hostname: 'renamed', agent_version: '9.9.9' });
      expect(await machineOf(agent)).toMatchObject({
        hostname: 'renamed',
        agent_version: '9.9.9',
        ip_address: '127.0.0.1',
      });
      expect(link.heard.map((message) => message.type)).toEqual(['challenge', 'welcome']);
    });

    it('is in the audit, coming and going', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      link.socket.close();
      await vi.waitFor(async () => {
        const lines = (await audit(backend, admin)).filter((line) => line.resource === agent.agentId);
        expect(lines.slice(-2)).toMatchObject([
          { action: 'agent_connected', status: 'success' },
          { action: 'agent_disconnected', status: 'success' },
        ]);
      });
    });

    it('with the key of another machine is refused, and that is in the audit', async () => {
      const { agentId } = await aJoinedMachine(backend, admin);
      const impostor = scriptedAgent(backend, agentId, newAgentKey());
      const { link, nonce } = await impostor.dial();
      await using _ = link;
      link.say(impostor.hello(nonce));
      expect(await link.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
      await link.closed;
      const lines = (await audit(backend, admin)).filter((line) => line.resource === agentId);
      expect(lines.at(-1)).toMatchObject({ action: 'agent_connected', status: 'failure' });
    });

    it('with an answer to another challenge is refused', async () => {
      const agent = await aJoinedMachine(backend, admin);
      const { link } = await agent.dial();
      await using _ = link;
      link.say(agent.hello('a-nonce-that-was-recorded'));
      expect(await link.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
    });

    it('for another host than it dialled is refused: a relayed challenge is worth nothing', async () => {
      const key = newAgentKey();
      const { registrationToken } = await aMachine(backend, admin);
      const joined = await joinScripted(backend, registrationToken);
      const elsewhere = scriptedAgent({ url: 'http://evil.example.org' }, joined.agentId, key);
      const { link, nonce } = await joined.dial();
      await using _ = link;
      link.say(elsewhere.hello(nonce));
      expect(await link.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
    });

    it('as a machine that never joined or is not there gets the same answer', async () => {
      const { agentId } = await aMachine(backend, admin);
      for (const id of [agentId, crypto.randomUUID()]) {
        const agent = scriptedAgent(backend, id, newAgentKey());
        const { link, nonce } = await agent.dial();
        await using _ = link;
        link.say(agent.hello(nonce));
        expect(await link.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
      }
    });

    it('in a version that this server no longer speaks is told to update', async () => {
      await using strict = await startBackend({ machines: { oldestProtocol: 2 } });
      const agent = await aJoinedMachine(strict, await anAdmin(strict));
      const { link, nonce } = await agent.dial();
      await using _ = link;
      link.say(agent.hello(nonce));
      expect(await link.next('goodbye')).toMatchObject({
        reason: 'unsupported',
        message: 'Agent 0.0.0 speaks version 1 of the protocol, this server 2 and later: update the agent.',
      });
    });

    it('too late is refused', async () => {
      await using link = await dial([AGENT_SUBPROTOCOL]);
      expect(await link.next('error')).toMatchObject({ code: 'hello-missing' });
      expect(await link.closed).toEqual({ code: 1008, reason: 'hello-missing' });
    });

    it.each([
      ['another message', JSON.stringify({ type: 'heartbeat', ...figures }), 'hello-missing'],
      ['a frame', Buffer.alloc(20), 'hello-missing'],
      ['a hello without its fields', JSON.stringify({ type: 'hello' }), 'bad-message'],
      ['what is no JSON', 'hello', 'bad-json'],
    ])('not before its hello: %s is refused', async (_, said, code) => {
      await using link = await dial([AGENT_SUBPROTOCOL]);
      link.socket.send(said);
      expect(await link.next('error')).toMatchObject({ code });
      expect(await link.closed).toEqual({ code: 1008, reason: code });
    });

    it('needs its subprotocol', async () => {
      await expect(dial([])).rejects.toMatchObject({ status: 400 });
    });

    it('leaves an address only a few sockets until one has said hello', async () => {
      const agent = await aJoinedMachine(backend, admin);
      const dialled = await Promise.all(Array.from({ length: 4 }, () => agent.dial()));
      try {
        const refused: unknown = await dial([AGENT_SUBPROTOCOL]).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(Refused);
        expect(refused).toMatchObject({ status: 429 });
        dialled[0]?.link.say(agent.hello(dialled[0].nonce));
        await dialled[0]?.link.next('welcome');
        await using admitted = await dial([AGENT_SUBPROTOCOL]);
        expect(await admitted.next('challenge')).toBeDefined();
      } finally {
        await Promise.all(dialled.map(({ link }) => link[Symbol.asyncDispose]()));
      }
    });
  });

  describe('one who has a whole network of IPv6', () => {
    it('gets no more sockets than one address has until one has said hello', async () => {
      const dialled = await Promise.all([1, 2, 3, 4].map((i) => from(`2001:db8:9:9::${i}`)));
      try {
        await expect(from('2001:db8:9:9::5')).rejects.toMatchObject({ status: 429 });
        await using neighbour = await from('2001:db8:9:a::1');
        expect(await neighbour.next('challenge')).toBeDefined();
      } finally {
        await Promise.all(dialled.map((link) => link[Symbol.asyncDispose]()));
      }
    });
  });

  describe('one that is refused', () => {
    it('counts as a socket of its address until it is gone, also when it does not answer the close', async () => {
      const agent = await aJoinedMachine(backend, admin);
      const dialled = await Promise.all([1, 2, 3, 4].map(() => from('192.0.2.7')));
      try {
        for (const link of dialled) {
          await link.next('challenge');
          link.say(agent.hello('a nonce of another challenge'));
          link.socket.pause();
        }
        await vi.waitFor(async () => {
          const lines = (await audit(backend, admin)).filter((line) => line.resource === agent.agentId);
          expect(lines.filter((line) => line.status === 'failure')).toHaveLength(4);
        });
        await expect(from('192.0.2.7')).rejects.toMatchObject({ status: 429 });
      } finally {
        for (const link of dialled) link.socket.terminate();
      }
    });
  });

  describe('once welcomed', () => {
    it('brings figures to its machine, with its round trip', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      await vi.waitFor(async () => {
        link.say({ type: 'heartbeat', ...figures });
        const machine = await machineOf(agent);
        expect(machine).toMatchObject({
          status: 'online',
          cpu_percent: 12.3,
          memory_percent: 50,
          uptime: '2d 1h 0m',
          uptime_seconds: figures.uptime_seconds,
        });
        expect(machine.latency_ms).toBeGreaterThanOrEqual(0);
        expect(machine.last_active).not.toBeNull();
      });
    });

    it('is offline once its socket is gone for a while, and not for a short cut (pain: wrong presence)', async () => {
      const agent = await aJoinedMachine(backend, admin);
      const first = await agent.connect();
      first.socket.terminate();
      await using second = await agent.connect();
      expect((await machineOf(agent)).status).toBe('online');
      second.socket.terminate();
      await becomes(agent, 'offline');
    });

    it('is offline when its socket stands and no heartbeat comes', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      await becomes(agent, 'offline');
      expect(link.socket.readyState).toBe(link.socket.OPEN);
      link.say({ type: 'heartbeat', ...figures });
      await becomes(agent, 'online');
    });

    it('is offline at once when it says goodbye', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      link.say({ type: 'goodbye', reason: 'stopping' });
      link.socket.close();
      await link.closed;
      await becomes(agent, 'offline');
    });

    it('that unregisters has to join again', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      link.say({ type: 'goodbye', reason: 'unregistered' });
      link.socket.close();
      await becomes(agent, 'pending');
      const { link: again, nonce } = await agent.dial();
      await using _ = again;
      again.say(agent.hello(nonce));
      expect(await again.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
    });

    it('that goes silent is given up (pain: looks attached, stream is dead)', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      link.socket.pause(); // its pongs do not go out any more
      await becomes(agent, 'offline');
    });

    it('of the same process replaces its older one without a word', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using older = await agent.connect();
      await using newer = await agent.connect();
      expect(await older.closed).toEqual({ code: 1000, reason: 'replaced' });
      expect(older.heard.filter((message) => message.type === 'goodbye')).toEqual([]);
      expect(newer.socket.readyState).toBe(newer.socket.OPEN);
      expect((await machineOf(agent)).status).toBe('online');
    });

    it('of a cloned machine tells the older one to stay away', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using older = await agent.connect();
      await using newer = await agent.connect({ boot_id: 'of-a-clone' });
      expect(await older.next('goodbye')).toMatchObject({ reason: 'replaced' });
      await older.closed;
      expect(newer.socket.readyState).toBe(newer.socket.OPEN);
    });

    it('is told when its machine is deleted, and cannot come back', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      await backend.request('DELETE', `/api/machines/${agent.agentId}`, { token: admin.token });
      expect(await link.next('goodbye')).toMatchObject({ reason: 'revoked' });
      await link.closed;
      const { link: again, nonce } = await agent.dial();
      await using _ = again;
      again.say(agent.hello(nonce));
      expect(await again.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
    });

    it('of a machine that is joined anew is told, and its key is worth nothing any more', async () => {
      const agent = await aJoinedMachine(backend, admin);
      await using link = await agent.connect();
      const organization = backend.store.organization(admin.organizationId);
      const { id: machineId } = await machineOf(agent);
      const token = newSecret('vsay_rt_');
      const again = {
        id: newObjectId(),
        machine_id: machineId,
        token_hash: hashSecret(token),
        created_by: admin.userId,
      };
      const times = { created_at: new Date().toISOString(), expires_at: '2999-01-01T00:00:00.000Z' };
      await organization.upkeep((tx) =>
        tx
          .insertInto('registration_tokens')
          .values({ ...again, ...times })
          .execute(),
      );
      const rejoined = await joinScripted(backend, token);
      expect(rejoined.agentId).toBe(agent.agentId);
      expect(await link.next('goodbye')).toMatchObject({ reason: 'revoked' });
      const { link: old, nonce } = await agent.dial();
      await using _ = old;
      old.say(agent.hello(nonce));
      expect(await old.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
      await using fresh = await rejoined.connect();
      expect(fresh.heard.at(-1)).toMatchObject({ type: 'welcome' });
    });

    it('is counted for collectors', async () => {
      await using own = await startBackend();
      const figure = async (): Promise<number> => {
        const metrics = await (await fetch(`${own.machinesUrl}/metrics`)).text();
        return Number(/^webxterm_agents_connected (\d+)$/m.exec(metrics)?.[1]);
      };
      expect(await figure()).toBe(0);
      const agent = await aJoinedMachine(own, await anAdmin(own));
      const link = await agent.connect();
      expect(await figure()).toBe(1);
      await link[Symbol.asyncDispose]();
      await vi.waitFor(async () => expect(await figure()).toBe(0));
    });

    it.each([
      ['what is no JSON', '{', 'bad-json'],
      ['an unknown message', '{"type":"dance"}', 'bad-message'],
      ['figures that cannot be', JSON.stringify({ type: 'heartbeat', ...figures, cpu_percent: 400 }), 'bad-message'],
      ['a frame without a header', Buffer.alloc(3), 'too-short'],
      ['a frame of an unknown kind', Buffer.alloc(20, 9), 'unknown-kind'],
      ['a message over 1 MiB', Buffer.alloc(1024 * 1024 + 1), 'too-large'],
    ])('that says %s is refused with a code, and no other agent is disturbed', async (_, said, code) => {
      const [agent, other] = [await aJoinedMachine(backend, admin), await aJoinedMachine(backend, admin)];
      await using link = await agent.connect();
      await using bystander = await other.connect();
      link.socket.send(said);
      expect(await link.next('error')).toMatchObject({ code });
      expect(await link.closed).toMatchObject({ code: 1008 });
      bystander.say({ type: 'heartbeat', ...figures });
      await vi.waitFor(async () => expect((await machineOf(other)).cpu_percent).toBe(12.3));
    });
  });

  it('is told that the service stops, and finds its machine again in the next one', async () => {
    const first = await startBackend();
    const owner = await anAdmin(first);
    const agent = await aJoinedMachine(first, owner);
    await using link = await agent.connect();
    await first[Symbol.asyncDispose]();
    expect(await link.next('goodbye')).toMatchObject({ reason: 'stopping' });
    await link.closed;
  });
});
