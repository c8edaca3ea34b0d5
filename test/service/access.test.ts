import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../protocol/api/groups.ts';
import { startBackend, type Backend } from './backend.ts';
import { connectEvents } from './events-client.ts';
import { aColleague, aJoinedMachine, aMachine, anAdmin, audit, grant, revoke, type Person, asker } from './people.ts';
import { runShells } from './scripted-shells.ts';
import { newObjectId } from './store.ts';
import { attachTerminal, connectTerminal, openTerminal } from './terminal-client.ts';

let backend: Backend;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend({ machines: { eventGapMs: 10 } });
  admin = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const ask = asker(() => backend);
const access = (agentId: string, what: 'users' | 'grant' | 'revoke') => `/api/machines/${agentId}/access/${what}`;

describe('access to a machine', () => {
  it('is listed with how it came: directly, or by the name of a group', async () => {
    const [one, two] = [
      await aColleague(backend, admin, { username: 'a.direct' }),
      await aColleague(backend, admin, { username: 'b.member' }),
    ];
    const { agentId } = await aMachine(backend, admin);
    await grant(backend, one, agentId, { machine_role: 'sudo' });
    const made = await ask('POST', '/api/groups', admin, { name: 'Operators' });
    const group = `/api/groups/${groups.create.answer[201].parse(made.body).group.id}`;
    for (const { userId } of [one, two]) await ask('POST', `${group}/members`, admin, { user_id: userId });
    await ask('POST', `${group}/machines`, admin, { machine_ids: [agentId] });
    expect(await ask('GET', access(agentId, 'users'), admin)).toMatchObject({
      status: 200,
      body: {
        users: [
          { user_id: one.userId, username: 'a.direct', role: 'user', machine_role: 'sudo', via: 'direct' },
          { user_id: two.userId, email: two.email, role: 'user', machine_role: 'non-sudo', via: 'Operators' },
        ],
      },
    });
    const second = await ask('GET', `${access(agentId, 'users')}?page=2&limit=1`, admin);
    expect(second).toMatchObject({ body: { users: [{ username: 'b.member' }], total: 2 } });
  });

  it('is given and taken by the owner and by admins, and by nobody who was only granted it', async () => {
    const [owner, friend] = [await aColleague(backend, admin), await aColleague(backend, admin)];
    const { agentId } = await aMachine(backend, owner);
    const body = { user_id: friend.userId };
    expect(await ask('POST', access(agentId, 'grant'), friend, body)).toMatchObject({ status: 404 });
    expect((await ask('POST', access(agentId, 'grant'), owner, body)).status).toBe(200);
    for (const what of ['grant', 'revoke'] as const) {
      const tried = await ask('POST', access(agentId, what), friend, { user_id: owner.userId });
      expect(tried).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
    }
    expect(await ask('GET', access(agentId, 'users'), friend)).toMatchObject({ status: 403 });
    expect((await ask('POST', access(agentId, 'revoke'), admin, body)).status).toBe(200);
    expect(await ask('POST', access(agentId, 'revoke'), owner, body)).toMatchObject({ status: 404 });
    const about = (await audit(backend, admin)).filter((line) => line.resource === agentId);
    const lines = about.filter(({ action }) => action !== 'permission_denied');
    expect(lines).toMatchObject([
      { action: 'machine_registered' },
      { action: 'access_granted', username: owner.username, detail: { user_id: friend.userId } },
      { action: 'access_revoked', username: admin.username, detail: { user_id: friend.userId } },
    ]);
  });

  it('of nobody knows nothing, and the machine of a stranger is none', async () => {
    const { agentId } = await aMachine(backend, admin);
    const stranger = await anAdmin(backend);
    const missing = { status: 404, body: { code: 'not-found' } };
    for (const user_id of [newObjectId(), stranger.userId]) {
      expect(await ask('POST', access(agentId, 'grant'), admin, { user_id })).toMatchObject(missing);
    }
    const body = { user_id: stranger.userId };
    expect(await ask('POST', access(agentId, 'grant'), stranger, body)).toMatchObject(missing);
    expect(await ask('POST', access(agentId, 'revoke'), stranger, body)).toMatchObject(missing);
    expect(await ask('GET', access(agentId, 'users'), stranger)).toMatchObject(missing);
  });

  it('is never more than its giver has: no owner raises itself or a friend', async () => {
    const [owner, friend] = [await aColleague(backend, admin), await aColleague(backend, admin)];
    const { agentId } = await aMachine(backend, owner);
    for (const { userId } of [owner, friend]) {
      const body = { user_id: userId, machine_role: 'sudo' };
      expect(await ask('POST', access(agentId, 'grant'), owner, body)).toMatchObject({
        status: 403,
        body: { code: 'role-too-low' },
      });
    }
    // What an owner was granted counts for nothing beside its own role, which an admin gives and takes.
    await grant(backend, owner, agentId, { machine_role: 'sudo' });
    const body = { user_id: friend.userId, machine_role: 'sudo' };
    expect((await ask('POST', access(agentId, 'grant'), owner, body)).status).toBe(403);
    await ask('PUT', `/api/users/${owner.userId}`, admin, { machine_role: 'sudo' });
    expect((await ask('POST', access(agentId, 'grant'), owner, body)).status).toBe(200);
  });

  it('that was taken ends the shells there at once, and the machine is gone from the lists', async () => {
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    runShells(link);
    await grant(backend, one, agent.agentId);
    await using listener = await connectEvents(backend, one);
    expect(await listener.next('snapshot')).toMatchObject({ machines: [{ agent_id: agent.agentId }] });
    await using client = await connectTerminal(backend, one, agent.agentId);
    const sessionId = await openTerminal(client);
    await attachTerminal(client, sessionId);
    await revoke(backend, one, agent.agentId);
    expect(await client.closed).toMatchObject({ code: 4403 });
    expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
    expect(await ask('GET', `/api/machines/${agent.agentId}`, one)).toMatchObject({ status: 404 });
    const removed = () => listener.heard.flatMap((told) => (told.type === 'machines' ? told.removed : []));
    await expect.poll(removed).toEqual([agent.agentId]);
  });

  it('that was raised takes effect when one dials again, and lowered ends what may gain root', async () => {
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    runShells(link);
    await grant(backend, one, agent.agentId);
    await using first = await connectTerminal(backend, one, agent.agentId);
    const modestId = await openTerminal(first);
    await grant(backend, one, agent.agentId, { machine_role: 'sudo' });
    expect(await first.closed).toMatchObject({ code: 1012 });
    await using second = await connectTerminal(backend, one, agent.agentId);
    const sessionId = await openTerminal(second);
    await grant(backend, one, agent.agentId, { machine_role: 'non-sudo' });
    expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
    const { body } = await ask('GET', '/api/terminal/sessions', one);
    expect(body).toMatchObject({ sessions: [{ session_id: modestId }] });
  });
});
