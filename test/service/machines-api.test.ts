import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machines } from '../../protocol/api/machines.ts';
import { startBackend, type Answered, type Backend } from './backend.ts';
import { aColleague, aJoinedMachine, aMachine, anAdmin, audit, grant, type Person } from './people.ts';
import { newAgentKey, register } from './scripted-agent.ts';

const names = (answer: Answered): string[] =>
  machines.list.answer[200].parse(answer.body).machines.map((machine) => machine.name);

describe('machines over the API', () => {
  let backend: Backend;
  let admin: Person;
  beforeAll(async () => {
    backend = await startBackend();
    admin = await anAdmin(backend);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const get = (path: string, who: Person): Promise<Answered> => backend.request('GET', path, { token: who.token });

  it('a machine is made with a token that is shown once and stored only as its hash', async () => {
    const answer = await backend.request('POST', '/api/machines', { token: admin.token, body: { name: 'build box' } });
    expect(answer.status).toBe(201);
    const { machine } = machines.create.answer[201].parse(answer.body);
    expect(machine).toMatchObject({ name: 'build box', status: 'pending' });
    const stored = await backend.store
      .organization(admin.organizationId)
      .read.selectFrom('registration_tokens')
      .selectAll()
      .execute();
    expect(stored).not.toEqual([]);
    expect(JSON.stringify(stored)).not.toContain(machine.registration_token);
    expect(backend.logged.join('\n')).not.toContain(machine.registration_token);
  });

  it('making and deleting are in the audit, with whom they are by', async () => {
    const { agentId } = await aMachine(backend, admin, { name: 'audited' });
    await backend.request('DELETE', `/api/machines/${agentId}`, { token: admin.token });
    const lines = (await audit(backend, admin)).filter((line) => line.resource === agentId);
    expect(lines).toMatchObject([
      { action: 'machine_registered', username: admin.username, status: 'success', detail: { name: 'audited' } },
      { action: 'machine_deleted', username: admin.username, status: 'success', detail: { name: 'audited' } },
    ]);
  });

  it('a machine is had by either of its ids, with what its agent said of itself', async () => {
    const { agentId, registrationToken } = await aMachine(backend, admin, {
      name: 'by id',
      description: 'in the cellar',
      tags: ['lab', 'gpu'],
      linux_user: 'deploy',
    });
    await register(backend, registrationToken, newAgentKey(), { metadata: { cores: 8 }, hostname: 'cellar-1' });
    const byAgent = await get(`/api/machines/${agentId}`, admin);
    const { machine } = machines.get.answer[200].parse(byAgent.body);
    expect(machine).toMatchObject({
      agent_id: agentId,
      name: 'by id',
      description: 'in the cellar',
      tags: ['lab', 'gpu'],
      linux_user: 'deploy',
      hostname: 'cellar-1',
      status: 'offline',
      owner_id: admin.userId,
      uptime: null,
      metadata: { cores: 8 },
    });
    for (const id of [machine.id, agentId]) {
      const byId = await get(`/api/machines/by-id/${id}`, admin);
      expect(machines.byId.answer[200].parse(byId.body).machine).toMatchObject({ id: machine.id, agent_id: agentId });
    }
    expect((await get('/api/machines/by-id/neither', admin)).status).toBe(400);
  });

  it('who may see nothing gets nothing: a colleague sees what it owns and what was granted to it', async () => {
    const colleague = await aColleague(backend, admin);
    const { agentId } = await aMachine(backend, admin, { name: 'granted' });
    await aMachine(backend, admin, { name: 'hidden' });
    await aMachine(backend, colleague, { name: 'own' });
    expect(names(await get('/api/machines', colleague))).toEqual(['own']);
    expect((await get(`/api/machines/${agentId}`, colleague)).status).toBe(404);
    await grant(backend, colleague, agentId);
    expect(names(await get('/api/machines', colleague))).toEqual(['granted', 'own']);
    const refused = await backend.request('DELETE', `/api/machines/${agentId}`, { token: colleague.token });
    expect(refused).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
  });

  it('another organization cannot tell a machine from nothing', async () => {
    const { agentId } = await aMachine(backend, admin);
    const stranger = await anAdmin(backend);
    for (const [method, suffix] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/registration-token'],
    ] as const) {
      const asked = { token: stranger.token, ...(method === 'PUT' && { body: { name: 'mine now' } }) };
      const foreign = await backend.request(method, `/api/machines/${agentId}${suffix}`, asked);
      const nowhere = await backend.request(method, `/api/machines/${crypto.randomUUID()}${suffix}`, asked);
      expect(foreign.status).toBe(404);
      expect({ ...Object(foreign.body), request_id: '' }).toEqual({ ...Object(nowhere.body), request_id: '' });
    }
  });

  it('the list is searched, filtered and paged', async () => {
    const owner = await anAdmin(backend);
    for (const [name, tags] of [
      ['alpha', ['web']],
      ['beta', ['web', 'db']],
      ['gamma', ['db']],
    ] as const) {
      await aMachine(backend, owner, { name, tags });
    }
    expect(names(await get('/api/machines?q=ET', owner))).toEqual(['beta']);
    expect(names(await get('/api/machines?q=db', owner))).toEqual(['beta', 'gamma']);
    expect(names(await get('/api/machines?tag=web', owner))).toEqual(['alpha', 'beta']);
    expect(names(await get('/api/machines?status=online', owner))).toEqual([]);
    expect(names(await get('/api/machines?status=pending', owner))).toHaveLength(3);
    const away = await aJoinedMachine(backend, owner, { name: 'delta' });
    expect(names(await get('/api/machines?status=offline', owner))).toEqual(['delta']);
    const here = await away.connect();
    expect(names(await get('/api/machines?status=online', owner))).toEqual(['delta']);
    expect(names(await get('/api/machines?status=offline', owner))).toEqual([]);
    await backend.request('DELETE', `/api/machines/${away.agentId}`, { token: owner.token });
    await here.closed;
    const second = await get('/api/machines?page=2&limit=2', owner);
    expect(names(second)).toEqual(['gamma']);
    expect(second.body).toMatchObject({ total: 3 });
    expect((await get('/api/machines', owner)).body).not.toHaveProperty('total');
  });

  it('a wildcard of the store is a letter like any other, and capital letters are small ones', async () => {
    const owner = await anAdmin(backend);
    await aMachine(backend, owner, { name: '100% Sure_1', tags: ['a,b', 'c'] });
    await aMachine(backend, owner, { name: 'other', tags: ['a', 'b'] });
    expect(names(await get('/api/machines?q=%25', owner))).toEqual(['100% Sure_1']);
    expect(names(await get('/api/machines?q=e_1', owner))).toEqual(['100% Sure_1']);
    expect(names(await get("/api/machines?q=' or 1=1 --", owner))).toEqual([]);
    expect(names(await get('/api/machines?tag=a', owner))).toEqual(['other']);
    expect(names(await get('/api/machines?tag=a,b', owner))).toEqual(['100% Sure_1']);
  });

  it('who owns a machine, or is an admin, changes it; to whom it was granted does not', async () => {
    const owner = await aColleague(backend, admin);
    const granted = await aColleague(backend, admin);
    const { agentId } = await aMachine(backend, owner, { name: 'before', description: 'stays', tags: ['old'] });
    await grant(backend, granted, agentId);
    const change = (who: Person, body: object) =>
      backend.request('PUT', `/api/machines/${agentId}`, { token: who.token, body });
    expect(await change(granted, { name: 'taken' })).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
    const changed = await change(owner, { name: 'after', tags: ['new'], linux_user: 'deploy' });
    expect(changed.status).toBe(200);
    expect(machines.update.answer[200].parse(changed.body).machine).toMatchObject({
      agent_id: agentId,
      name: 'after',
      description: 'stays',
      tags: ['new'],
      linux_user: 'deploy',
      status: 'pending',
    });
    expect((await change(admin, { linux_user: null, description: '' })).body).toMatchObject({
      machine: { linux_user: null, description: '', name: 'after' },
    });
    const lines = (await audit(backend, admin)).filter((line) => line.resource === agentId);
    expect(lines.slice(-3)).toMatchObject([
      { action: 'permission_denied', username: granted.username, status: 'failure' },
      {
        action: 'machine_updated',
        username: owner.username,
        detail: { name: 'after', tags: ['new'], linux_user: 'deploy' },
      },
      { action: 'machine_updated', username: admin.username, detail: { linux_user: null, description: 'changed' } },
    ]);
  });

  it.each([
    ['nothing', {}],
    ['an empty name', { name: ' ' }],
    ['a user that no system has', { linux_user: 'Root!' }],
    ['a tag that is none', { tags: [''] }],
    ['a name of the wrong type', { name: null }],
  ])('a change of %s is refused by its fields', async (_, body) => {
    const { agentId } = await aMachine(backend, admin);
    const answer = await backend.request('PUT', `/api/machines/${agentId}`, { token: admin.token, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
  });

  it('a new user for terminals reaches the agent that is connected, and only when it is another', async () => {
    const agent = await aJoinedMachine(backend, admin, { linux_user: 'first' });
    await using link = await agent.connect();
    const change = (body: object) =>
      backend.request('PUT', `/api/machines/${agent.agentId}`, { token: admin.token, body });
    await change({ linux_user: 'second' });
    expect(await link.next('config')).toEqual({ type: 'config', linux_user: 'second' });
    await change({ linux_user: 'second', name: 'renamed' });
    await change({ linux_user: null });
    expect(await link.next('config')).toEqual({ type: 'config', linux_user: null });
    expect(link.heard.filter(({ type }) => type === 'config')).toHaveLength(2);
  });

  it('a machine whose key was lost joins again by a new token, and the old key is dead', async () => {
    const agent = await aJoinedMachine(backend, admin, { name: 'rejoined' });
    await using link = await agent.connect();
    const colleague = await aColleague(backend, admin);
    await grant(backend, colleague, agent.agentId);
    const ask = (who: Person) =>
      backend.request('POST', `/api/machines/${agent.agentId}/registration-token`, { token: who.token });
    expect((await ask(colleague)).status).toBe(403);
    const older = machines.registrationToken.answer[201].parse((await ask(admin)).body).registration_token;
    const newer = machines.registrationToken.answer[201].parse((await ask(admin)).body).registration_token;
    expect((await register(backend, older, newAgentKey())).status).toBe(401);
    expect((await register(backend, newer, newAgentKey())).status).toBe(201);
    expect(await link.next('goodbye')).toMatchObject({ reason: 'revoked' });
    const again = await agent.dial();
    again.link.say(agent.hello(again.nonce));
    expect(await again.link.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
    const lines = (await audit(backend, admin)).filter((line) => line.resource === agent.agentId);
    expect(lines.filter(({ action }) => action === 'registration_token_created')).toMatchObject([
      { username: admin.username, detail: { name: 'rejoined' } },
      { username: admin.username },
    ]);
    expect(JSON.stringify(lines)).not.toContain(newer);
  });

  it.each([
    ['no name', {}],
    ['an empty name', { name: '  ' }],
    ['a name of the wrong type', { name: 7 }],
    ['a user that no system has', { name: 'x', linux_user: 'Root!' }],
    ['too many tags', { name: 'x', tags: Array.from({ length: 33 }, (_, i) => `t${i}`) }],
  ])('a machine with %s is refused by its fields', async (_, body) => {
    const answer = await backend.request('POST', '/api/machines', { token: admin.token, body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
  });
});
