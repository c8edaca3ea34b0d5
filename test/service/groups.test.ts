import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { groups } from '../../protocol/api/groups.ts';
import { machines } from '../../protocol/api/machines.ts';
import { startBackend, type Backend } from './backend.ts';
import { aColleague, aJoinedMachine, aMachine, anAdmin, audit, grant, type Person, asker } from './people.ts';
import { runShells } from './scripted-shells.ts';
import { newObjectId } from './store.ts';
import { attachTerminal, connectTerminal, openTerminal } from './terminal-client.ts';

let backend: Backend;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend();
  admin = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const ask = asker(() => backend);
let named = 0;
/** The address of a new group. */
async function aGroup(by: Person = admin, wish: object = {}): Promise<string> {
  const answer = await ask('POST', '/api/groups', by, { name: `group ${named++}`, description: 'x', ...wish });
  return `/api/groups/${groups.create.answer[201].parse(answer.body).group.id}`;
}
const addMember = (group: string, who: Person, by: Person = admin) =>
  ask('POST', `${group}/members`, by, { user_id: who.userId });
const addMachines = (group: string, ids: string[], wish: object = {}, by: Person = admin) =>
  ask('POST', `${group}/machines`, by, { machine_ids: ids, ...wish });
const seenBy = async (who: Person) => {
  const { body } = await ask('GET', '/api/machines', who);
  return machines.list.answer[200].parse(body).machines.map(({ agent_id }) => agent_id);
};

describe('groups', () => {
  it('are made, renamed, listed and deleted', async () => {
    const owner = await anAdmin(backend);
    const group = await aGroup(owner, { name: 'Web', description: 'front' });
    await aGroup(owner, { name: 'db' });
    expect(await ask('PUT', group, owner, { name: 'Edge' })).toMatchObject({
      status: 200,
      body: { group: { name: 'Edge', description: 'front', member_count: 0, machine_count: 0 } },
    });
    expect(await ask('GET', '/api/groups', owner)).toMatchObject({
      body: { groups: [{ name: 'db' }, { name: 'Edge' }] },
    });
    expect(await ask('GET', '/api/groups?q=FRON', owner)).toMatchObject({ body: { groups: [{ name: 'Edge' }] } });
    expect(await ask('GET', '/api/groups?page=2&limit=1', owner)).toMatchObject({
      body: { groups: [{ name: 'Edge' }], total: 2 },
    });
    expect((await ask('DELETE', group, owner)).status).toBe(200);
    expect(await ask('GET', group, owner)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    const lines = (await audit(backend, owner)).filter((line) => group.endsWith(line.resource ?? '-'));
    expect(lines.map((line) => line.action)).toEqual(['group_created', 'group_updated', 'group_deleted']);
  });

  it('have names of their own in an organization, however written, and none that looks like an id', async () => {
    const owner = await anAdmin(backend);
    await aGroup(owner, { name: 'Same' });
    const taken = { status: 409, body: { code: 'name-taken' } };
    expect(await ask('POST', '/api/groups', owner, { name: 'sAME' })).toMatchObject(taken);
    expect(await ask('PUT', await aGroup(owner), owner, { name: 'same' })).toMatchObject(taken);
    expect(await ask('POST', '/api/groups', owner, { name: newObjectId() })).toMatchObject({ status: 400 });
    expect(await ask('POST', '/api/groups', admin, { name: 'Same' })).toMatchObject({ status: 201 });
  });

  it('are read by everybody in the organization, changed by admins only', async () => {
    const [group, one] = [await aGroup(), await aColleague(backend, admin)];
    for (const path of ['/api/groups', group, `${group}/members`, `${group}/machines`]) {
      expect((await ask('GET', path, one)).status).toBe(200);
    }
    const changes: [string, string, object?][] = [
      ['POST', '/api/groups', { name: 'mine' }],
      ['PUT', group, { name: 'mine' }],
      ['DELETE', group],
      ['POST', `${group}/members`, { user_id: one.userId }],
      ['DELETE', `${group}/members`, { user_id: one.userId }],
      ['POST', `${group}/machines`, { machine_ids: [newObjectId()] }],
      ['DELETE', `${group}/machines/${newObjectId()}`],
    ];
    for (const [method, path, body] of changes) {
      expect(await ask(method, path, one, body)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
    }
    const denied = (await audit(backend, admin)).filter(({ action }) => action === 'permission_denied');
    expect(denied.map(({ username }) => username)).toContain(one.username);
  });

  it('take in nobody and nothing of another organization, and are not there for it', async () => {
    const [group, stranger] = [await aGroup(), await anAdmin(backend)];
    const foreign = await aMachine(backend, stranger);
    const missing = { status: 404, body: { code: 'not-found' } };
    expect(await addMember(group, stranger)).toMatchObject(missing);
    expect(await addMachines(group, [foreign.agentId])).toMatchObject(missing);
    for (const path of [group, `${group}/members`, `${group}/machines`]) {
      expect(await ask('GET', path, stranger)).toMatchObject(missing);
    }
    expect(await addMember(group, stranger, stranger)).toMatchObject(missing);
    expect(await addMachines(group, [foreign.agentId], {}, stranger)).toMatchObject(missing);
    expect(await ask('PUT', group, stranger, { name: 'theirs' })).toMatchObject(missing);
    expect(await ask('DELETE', group, stranger)).toMatchObject(missing);
  });

  it('name their machines by either id, all of them or none', async () => {
    const group = await aGroup();
    const [one, two] = [await aMachine(backend, admin), await aMachine(backend, admin)];
    const { body } = await ask('GET', `/api/machines/${two.agentId}`, admin);
    const { id } = machines.get.answer[200].parse(body).machine;
    expect(await addMachines(group, [one.agentId, newObjectId()])).toMatchObject({ status: 404 });
    expect(await ask('GET', `${group}/machines`, admin)).toMatchObject({ body: { machines: [] } });
    expect((await addMachines(group, [one.agentId, id])).status).toBe(200);
    const listed = await ask('GET', `${group}/machines`, admin);
    const shown = groups.machines.answer[200].parse(listed.body).machines;
    expect(new Set(shown.map(({ agent_id }) => agent_id))).toEqual(new Set([one.agentId, two.agentId]));
    expect(shown[0]).toMatchObject({ status: 'pending', machine_role: 'non-sudo' });
    expect((await ask('DELETE', `${group}/machines/${id}`, admin)).status).toBe(200);
    expect((await ask('DELETE', `${group}/machines/${one.agentId}`, admin)).status).toBe(200);
    expect((await ask('DELETE', `${group}/machines/${one.agentId}`, admin)).status).toBe(404);
  });
});

describe('who is in a group', () => {
  it('sees its machines from then on, until the machine, the member or the group goes', async () => {
    const one = await aColleague(backend, admin);
    const { agentId } = await aMachine(backend, admin);
    const group = await aGroup();
    await addMember(group, one);
    await addMember(group, one); // once more is the same
    expect(await seenBy(one)).toEqual([]);
    await addMachines(group, [agentId]);
    expect(await seenBy(one)).toEqual([agentId]);
    expect(await ask('GET', group, one)).toMatchObject({ body: { group: { member_count: 1, machine_count: 1 } } });
    expect(await ask('GET', `${group}/members`, one)).toMatchObject({
      body: { members: [{ user_id: one.userId, username: one.username, email: one.email, role: 'user' }] },
    });
    await ask('DELETE', `${group}/machines/${agentId}`, admin);
    expect(await seenBy(one)).toEqual([]);
    await addMachines(group, [agentId]);
    await ask('DELETE', `${group}/members`, admin, { user_id: one.userId });
    expect(await seenBy(one)).toEqual([]);
    expect((await ask('DELETE', `${group}/members`, admin, { user_id: one.userId })).status).toBe(404);
    await addMember(group, one);
    expect(await seenBy(one)).toEqual([agentId]);
    await ask('DELETE', group, admin);
    expect(await seenBy(one)).toEqual([]);
  });

  it('is told of no machine in it that it may not see', async () => {
    const [one, other] = [await aColleague(backend, admin), await aColleague(backend, admin)];
    const group = await aGroup();
    await addMachines(group, [(await aMachine(backend, admin)).agentId]);
    await addMember(group, one);
    expect(await ask('GET', `${group}/machines`, one)).toMatchObject({ body: { machines: [{}] } });
    expect(await ask('GET', `${group}/machines`, other)).toMatchObject({ body: { machines: [] } });
  });

  it('has the highest of what it was granted there, directly or by any group', async () => {
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    runShells(link);
    const [usual, raised] = [await aGroup(), await aGroup()];
    await addMember(usual, one);
    await addMember(raised, one);
    await addMachines(usual, [agent.agentId]);
    const roleOf = async () => {
      await using client = await connectTerminal(backend, one, agent.agentId);
      const sessionId = await openTerminal(client);
      return link.heard.flatMap((told) =>
        told.type === 'open' && told.session_id === sessionId ? [told.machine_role] : [],
      )[0];
    };
    expect(await roleOf()).toBe('non-sudo');
    await grant(backend, one, agent.agentId);
    await addMachines(raised, [agent.agentId], { machine_role: 'sudo' });
    expect(await roleOf()).toBe('sudo');
  });

  it('loses its shell with the last way to the machine, and not before', async () => {
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    runShells(link);
    const [first, second] = [await aGroup(), await aGroup()];
    for (const group of [first, second]) {
      await addMember(group, one);
      await addMachines(group, [agent.agentId]);
    }
    await using client = await connectTerminal(backend, one, agent.agentId);
    const sessionId = await openTerminal(client);
    await attachTerminal(client, sessionId);
    await ask('DELETE', first, admin);
    expect(await ask('GET', '/api/terminal/sessions', one)).toMatchObject({
      body: { sessions: [{ session_id: sessionId }] },
    });
    await ask('DELETE', `${second}/machines/${agent.agentId}`, admin);
    expect(await client.closed).toMatchObject({ code: 4403 });
    expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
  });

  it('loses a shell that may gain root when only a lesser grant remains', async () => {
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    runShells(link);
    await grant(backend, one, agent.agentId);
    const group = await aGroup();
    await addMember(group, one);
    await addMachines(group, [agent.agentId], { machine_role: 'sudo' });
    await using client = await connectTerminal(backend, one, agent.agentId);
    const sessionId = await openTerminal(client);
    await ask('DELETE', `${group}/members`, admin, { user_id: one.userId });
    expect(await client.closed).toMatchObject({ code: 1012 });
    expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
    expect(await seenBy(one)).toEqual([agent.agentId]);
  });
});
