import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../protocol/api/events.ts';
import type { Heartbeat } from '../../protocol/wire/control.ts';
import { startBackend, type Backend } from './backend.ts';
import { connectEvents } from './events-client.ts';
import { aColleague, aJoinedMachine, aMachine, anAdmin, grant, revoke, type Person } from './people.ts';
import { runShells } from './scripted-shells.ts';
import { Refused, type Talk } from './talk.ts';
import { attachTerminal, connectTerminal, openTerminal } from './terminal-client.ts';

const figures: Heartbeat = {
  cpu_percent: 42,
  memory_percent: 50,
  disk_percent: 70,
  network_rx_bytes: 1000,
  network_tx_bytes: 2000,
  uptime_seconds: 60,
};

/** What a listener knows after all it was told. */
function knownTo(listener: Talk<Event, never>) {
  let machines = new Map<string, string>();
  let sessions = new Map<string, boolean | undefined>();
  for (const told of listener.heard) {
    if (told.type === 'snapshot') {
      machines = new Map(told.machines.map((each) => [each.agent_id, each.status]));
      sessions = new Map(told.sessions.map((each) => [each.session_id, each.attached]));
    } else if (told.type === 'machines') {
      for (const each of told.changed) machines.set(each.agent_id, each.status);
      for (const id of told.removed) machines.delete(id);
    } else {
      for (const each of told.changed) sessions.set(each.session_id, each.attached);
      for (const id of told.removed) sessions.delete(id);
    }
  }
  return { machines: Object.fromEntries(machines), sessions: Object.fromEntries(sessions) };
}

describe('events', () => {
  let backend: Backend;
  let admin: Person;
  beforeAll(async () => {
    backend = await startBackend({
      machines: { eventGapMs: 20, heartbeatBatchMs: 10, offlineAfterMs: 100, maxSocketsPerUser: 3 },
    });
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const listen = async (who: Pick<Person, 'token'>) => connectEvents(backend, who);
  it('begin with the present state', async () => {
    admin = await anAdmin(backend);
    const { agentId } = await aMachine(backend, admin, { name: 'there before' });
    await using listener = await listen(admin);
    expect(await listener.next('snapshot')).toMatchObject({
      machines: [{ agent_id: agentId, name: 'there before', status: 'pending' }],
      sessions: [],
    });
  });

  it('follow a machine from its making over its first heartbeat to its end', async () => {
    admin = await anAdmin(backend);
    await using listener = await listen(admin);
    await listener.next('snapshot');
    const agent = await aJoinedMachine(backend, admin);
    await vi.waitFor(() => expect(knownTo(listener).machines).toEqual({ [agent.agentId]: 'offline' }));
    await using link = await agent.connect();
    await vi.waitFor(() => expect(knownTo(listener).machines).toEqual({ [agent.agentId]: 'online' }));
    link.say({ type: 'heartbeat', ...figures });
    await vi.waitFor(() => {
      const told = listener.heard.flatMap((message) => (message.type === 'machines' ? message.changed : []));
      expect(told.at(-1)).toMatchObject({ cpu_percent: 42, status: 'online' });
    });
    link.socket.terminate();
    await vi.waitFor(() => expect(knownTo(listener).machines).toEqual({ [agent.agentId]: 'offline' }));
    await backend.request('DELETE', `/api/machines/${agent.agentId}`, { token: admin.token });
    await vi.waitFor(() => expect(knownTo(listener).machines).toEqual({}));
  });

  it('follow a session: opened, attached, detached, ended', async () => {
    admin = await anAdmin(backend);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    const shells = runShells(link);
    await using listener = await listen(admin);
    const client = await connectTerminal(backend, admin, agent.agentId);
    const sessionId = await openTerminal(client);
    await vi.waitFor(() => expect(knownTo(listener).sessions).toEqual({ [sessionId]: false }));
    await attachTerminal(client, sessionId);
    await vi.waitFor(() => expect(knownTo(listener).sessions).toEqual({ [sessionId]: true }));
    await client[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(knownTo(listener).sessions).toEqual({ [sessionId]: false }));
    shells.exit(sessionId, 0);
    await vi.waitFor(() => expect(knownTo(listener).sessions).toEqual({}));
  });

  it('say nothing of what a listener may not see', async () => {
    admin = await anAdmin(backend);
    const colleague = await aColleague(backend, admin);
    const stranger = await anAdmin(backend);
    await using theirs = await listen(colleague);
    await using foreign = await listen(stranger);
    await using own = await listen(admin);
    const { agentId } = await aMachine(backend, admin);
    await vi.waitFor(() => expect(knownTo(own).machines).toEqual({ [agentId]: 'pending' }));
    await backend.request('DELETE', `/api/machines/${agentId}`, { token: admin.token });
    await vi.waitFor(() => expect(knownTo(own).machines).toEqual({}));
    const { agentId: last } = await aMachine(backend, colleague);
    await vi.waitFor(() => expect(knownTo(theirs).machines).toEqual({ [last]: 'pending' }));
    expect(JSON.stringify(theirs.heard)).not.toContain(agentId);
    expect(foreign.heard).toEqual([{ type: 'snapshot', machines: [], sessions: [] }]);
  });

  it('follow a grant as it comes and goes', async () => {
    admin = await anAdmin(backend);
    const colleague = await aColleague(backend, admin);
    const { agentId } = await aMachine(backend, admin);
    await using theirs = await listen(colleague);
    await theirs.next('snapshot');
    await grant(backend, colleague, agentId);
    await vi.waitFor(() => expect(knownTo(theirs).machines).toEqual({ [agentId]: 'pending' }));
    await revoke(backend, colleague, agentId);
    await vi.waitFor(() => expect(knownTo(theirs).machines).toEqual({}));
  });

  it('end with the sign-in', async () => {
    admin = await anAdmin(backend);
    await using listener = await listen(admin);
    await listener.next('snapshot');
    await backend.request('POST', '/api/auth/logout', { token: admin.token });
    expect(await listener.closed).toMatchObject({ code: 4401 });
  });

  it('go to so many sockets of one person and no more', async () => {
    const person = await anAdmin(backend);
    const open = await Promise.all([listen(person), listen(person), listen(person)]);
    const refused: unknown = await listen(person).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 429 });
    await using other = await listen(await anAdmin(backend));
    await other.next('snapshot');
    await Promise.all(open.map((listener) => listener[Symbol.asyncDispose]()));
    await vi.waitFor(async () => {
      await using again = await listen(person);
      await again.next('snapshot');
    });
  });

  it('are for who is signed in', async () => {
    const refused: unknown = await listen({ token: 'nobody' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect(refused).toMatchObject({ status: 401 });
  });
});
