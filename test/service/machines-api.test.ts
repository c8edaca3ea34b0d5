import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machines } from '../../protocol/api/machines.ts';
import { startBackend, type Answered, type Backend } from './backend.ts';
import { aColleague, aMachine, anAdmin, audit, grant, type Person } from './people.ts';
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
    const byId = await get(`/api/machines/by-id/${machine.id}`, admin);
    expect(machines.byId.answer[200].parse(byId.body).machine.agent_id).toBe(agentId);
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
    for (const method of ['GET', 'DELETE']) {
      const foreign = await backend.request(method, `/api/machines/${agentId}`, { token: stranger.token });
      const nowhere = await backend.request(method, `/api/machines/${crypto.randomUUID()}`, { token: stranger.token });
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
    const second = await get('/api/machines?page=2&limit=2', owner);
    expect(names(second)).toEqual(['gamma']);
    expect(second.body).toMatchObject({ total: 3 });
    expect((await get('/api/machines', owner)).body).not.toHaveProperty('total');
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
