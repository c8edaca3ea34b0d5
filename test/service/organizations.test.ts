import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DISABLED } from '../../backend/machines/terminals/goodbyes.ts';
import { entryHash } from '../../backend/store/audit.ts';
import { PLATFORM } from '../../backend/store/store.ts';
import { organizations } from '../../protocol/api/organizations.ts';
import { startBackend, type Backend } from './backend.ts';
import {
  aColleague,
  actingIn,
  aJoinedMachine,
  aMachine,
  anAdmin,
  asker,
  aSuperAdmin,
  audit,
  grant,
  type Person,
} from './people.ts';
import { newAgentKey, register } from './scripted-agent.ts';
import { runShells } from './scripted-shells.ts';
import { newObjectId } from './store.ts';
import { attachTerminal, connectTerminal, openTerminal } from './terminal-client.ts';

let backend: Backend;
let above: Person;
beforeAll(async () => {
  backend = await startBackend();
  above = await aSuperAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const askAs = asker(() => backend);
const ask = (method: string, path: string, who = above, body?: unknown) => askAs(method, path, who, body);
const at = (organizationId: string) => `/api/admin/organizations/${organizationId}`;
const login = (who: Person) => backend.request('POST', '/api/auth/login', { body: who });
const aName = () => `o${randomUUID().slice(0, 8)}`;

describe('organizations', () => {
  it('are made by a super admin with a name of their own, and told of in both chains', async () => {
    const name = aName();
    const body = { name: name.toUpperCase(), display_name: 'Harbour' };
    const answer = await ask('POST', '/api/admin/organizations', above, body);
    expect(answer).toMatchObject({
      status: 201,
      body: { organization: { name, display_name: 'Harbour', keycloak_realm: name, enabled: true, user_count: 0 } },
    });
    const { id } = organizations.create.answer[201].parse(answer.body).organization;
    for (const organizationId of [id, PLATFORM.id]) {
      const lines = await audit(backend, { ...above, organizationId });
      expect(lines.at(-1)).toMatchObject({ action: 'organization_created', resource: id, username: above.username });
    }
    const taken = await ask('POST', '/api/admin/organizations', above, body);
    expect(taken).toMatchObject({ status: 409, body: { code: 'organization-taken' } });
    const wrong = await ask('POST', '/api/admin/organizations', above, { ...body, name: 'a/b' });
    expect(wrong).toMatchObject({ status: 400, body: { fields: [{ path: 'name' }] } });
  });

  it('are listed, searched, looked into and renamed', async () => {
    const admin = await anAdmin(backend);
    const one = await aColleague(backend, admin);
    await aMachine(backend, admin);
    const agent = await aJoinedMachine(backend, one);
    await using link = await agent.connect();
    runShells(link);
    await using client = await connectTerminal(backend, one, agent.agentId);
    await openTerminal(client);
    await ask('POST', '/api/groups', admin, { name: 'Crew' });
    const path = at(admin.organizationId);
    expect(await ask('PUT', path, above, { display_name: 'Renamed' })).toMatchObject({
      body: { organization: { name: admin.tenantId, display_name: 'Renamed', user_count: 2, machine_count: 2 } },
    });
    const found = await ask('GET', `/api/admin/organizations?q=${admin.tenantId}&limit=1`);
    expect(found).toMatchObject({ body: { organizations: [{ id: admin.organizationId }], total: 1 } });
    const stats = { user_count: 2, machine_count: 2, online_machine_count: 1, group_count: 1, session_count_today: 1 };
    await vi.waitFor(async () => expect((await ask('GET', `${path}/stats`)).body).toEqual({ stats }));
    const listed = await ask('GET', `${path}/users?q=${one.username}`);
    expect(listed.body).toMatchObject({ users: [{ id: one.userId, email: one.email, role: 'user', enabled: true }] });
    expect((await ask('GET', `${path}/groups`)).body).toMatchObject({ groups: [{ name: 'Crew', member_count: 0 }] });
  });

  it('are nobody else’s business', async () => {
    const admin = await anAdmin(backend);
    const path = at(admin.organizationId);
    const rows: [string, string, object?][] = [
      ['GET', '/api/admin/organizations'],
      ['POST', '/api/admin/organizations', { name: aName(), display_name: 'x' }],
      ['GET', path],
      ['PUT', path, { enabled: false }],
      ['DELETE', path],
      ['GET', `${path}/stats`],
      ['GET', `${path}/users`],
      ['GET', `${path}/groups`],
    ];
    for (const who of [admin, await aColleague(backend, admin)]) {
      for (const [method, address, body] of rows) {
        expect(await ask(method, address, who, body)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
      }
    }
  });

  it('that do not exist are not found', async () => {
    const path = at(newObjectId());
    for (const rest of ['', '/stats', '/users', '/groups']) {
      expect(await ask('GET', path + rest)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
    expect(await ask('PUT', path, above, { enabled: false })).toMatchObject({ status: 404 });
    expect(await ask('DELETE', path)).toMatchObject({ status: 404 });
  });

  it('of the platform itself stays', async () => {
    const stays = { status: 409, body: { code: 'platform-stays' } };
    expect(await ask('PUT', at(PLATFORM.id), above, { enabled: false })).toMatchObject(stays);
    expect(await ask('DELETE', at(PLATFORM.id))).toMatchObject(stays);
    expect(await ask('GET', at(PLATFORM.id))).toMatchObject({ body: { organization: { enabled: true } } });
  });
});

describe('a disabled organization', () => {
  it('is closed at once: tokens, sign-ins, shells, agents, new agents', async () => {
    const admin = await anAdmin(backend);
    const agent = await aJoinedMachine(backend, admin);
    const waiting = await aMachine(backend, admin);
    await using link = await agent.connect();
    runShells(link);
    await using client = await connectTerminal(backend, admin, agent.agentId);
    const sessionId = await openTerminal(client);
    await attachTerminal(client, sessionId);
    const closing = await ask('PUT', at(admin.organizationId), above, { enabled: false });
    expect(closing).toMatchObject({ status: 200, body: { organization: { enabled: false } } });
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
    expect(await link.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
    const disabled = { status: 403, body: { code: 'organization-disabled' } };
    expect(await ask('GET', '/api/users/me', admin)).toMatchObject(disabled);
    expect(await login(admin)).toMatchObject(disabled);
    expect((await register(backend, waiting.registrationToken, newAgentKey())).status).toBe(401);
    await using again = (await agent.dial()).link;
    const nonce = again.heard.flatMap((message) => (message.type === 'challenge' ? [message.nonce] : []))[0] ?? '';
    again.say(agent.hello(nonce));
    expect(await again.next('goodbye')).toMatchObject({
      reason: 'unauthorized',
      message: DISABLED.message,
    });
  });

  it('that is enabled again lets its people sign in anew and its agents back', async () => {
    const admin = await anAdmin(backend);
    const agent = await aJoinedMachine(backend, admin);
    await ask('PUT', at(admin.organizationId), above, { enabled: false });
    await ask('PUT', at(admin.organizationId), above, { enabled: true });
    expect(await ask('GET', '/api/users/me', admin)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    expect((await backend.signIn(admin)).user.id).toBe(admin.userId);
    await using _ = await agent.connect();
  });

  it('is still one in which a super admin may act, to look what is wrong', async () => {
    const admin = await anAdmin(backend);
    const acting = await actingIn(backend, above, admin.tenantId);
    await ask('PUT', at(admin.organizationId), acting, { enabled: false });
    expect(await ask('GET', '/api/users', acting)).toMatchObject({ status: 200, body: { users: [{}] } });
  });
});

describe('a deleted organization', () => {
  it('is gone with all it had, but for its audit, which still holds together', async () => {
    const admin = await anAdmin(backend);
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, admin);
    await grant(backend, one, agent.agentId);
    await ask('POST', '/api/groups', admin, { name: 'Crew' });
    await using link = await agent.connect();
    runShells(link);
    await using client = await connectTerminal(backend, one, agent.agentId);
    await openTerminal(client);
    expect((await ask('DELETE', at(admin.organizationId))).status).toBe(200);
    expect([4401, 4403]).toContain((await client.closed).code);
    expect(await link.next('goodbye')).toMatchObject({ reason: 'revoked' });
    for (const who of [admin, one]) {
      expect(await ask('GET', '/api/users/me', who)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
      expect(await login(who)).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } });
    }
    const { read } = backend.store.organization(admin.organizationId);
    for (const table of ['users', 'machines', 'sessions', 'groups', 'machine_grants', 'registration_tokens'] as const) {
      expect(await read.selectFrom(table).select('organization_id').execute()).toEqual([]);
    }
    const entries = await read.selectFrom('audit_entries').selectAll().orderBy('seq').execute();
    expect(entries.map(({ action }) => action)).toContain('organization_deleted');
    entries.reduce((before, entry) => {
      expect(entry).toMatchObject({ prev_hash: before, hash: entryHash(entry) });
      return entry.hash;
    }, '0'.repeat(64));
    const platforms = await audit(backend, above);
    expect(platforms.findLast(({ resource }) => resource === admin.organizationId)).toMatchObject({
      action: 'organization_deleted',
      detail: { name: admin.tenantId },
    });
  });

  it('leaves its name, and whoever takes that inherits nothing', async () => {
    const admin = await anAdmin(backend);
    await aMachine(backend, admin);
    const acting = await actingIn(backend, above, admin.tenantId);
    await ask('DELETE', at(admin.organizationId));
    const next = await backend.signUp({ organization: admin.tenantId });
    const { token } = await backend.signIn(next);
    const asked = { ...admin, token };
    expect(await ask('GET', '/api/machines', asked)).toMatchObject({ body: { machines: [] } });
    expect(await ask('GET', '/api/users', asked)).toMatchObject({ body: { users: [{ username: next.username }] } });
    const revoked = { status: 401, body: { code: 'token-revoked' } };
    expect(await ask('GET', '/api/users/me', admin)).toMatchObject(revoked);
    expect(await ask('GET', '/api/users', acting)).toMatchObject(revoked);
    expect(await backend.request('POST', '/api/auth/refresh', { body: { token: acting.token } })).toMatchObject(
      revoked,
    );
    const { organizationId } = await anAdmin(backend);
    expect(organizationId).not.toBe(admin.organizationId);
  });

  it('is no place to act in any more', async () => {
    const admin = await anAdmin(backend);
    const acting = await actingIn(backend, above, admin.tenantId);
    await ask('DELETE', at(admin.organizationId));
    expect(await ask('GET', '/api/users', acting)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
  });
});
