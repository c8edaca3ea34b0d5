import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { users } from '../../protocol/api/users.ts';
import { connectEvents } from './events-client.ts';
import { startBackend, type Answered, type Backend } from './backend.ts';
import {
  aColleague,
  actingIn,
  aJoinedMachine,
  aMachine,
  anAdmin,
  aSuperAdmin,
  audit,
  grant,
  type Person,
  asker,
} from './people.ts';
import { newObjectId } from './store.ts';
import { runShells } from './scripted-shells.ts';
import { attachTerminal, connectTerminal, openTerminal } from './terminal-client.ts';

let backend: Backend;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend();
  admin = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const ask = asker(() => backend);
const put = (of: Person, change: object, by: Person = admin) => ask('PUT', `/api/users/${of.userId}`, by, change);
const wish = (change: object = {}) => {
  const username = `w${randomUUID().slice(0, 8)}`;
  const names = { first_name: 'Grace', last_name: 'Hopper' };
  return { username, email: `${username}@example.test`, password: 'long enough', ...names, ...change };
};
const listedBy = async (who: Person, query = '') =>
  users.list.answer[200].parse((await ask('GET', `/api/users${query}`, who)).body);
const plain = ({ status, body }: Answered) => ({ status, ...z.looseObject({}).parse(body), request_id: '' });
const me = (who: Person) => ask('GET', '/api/users/me', who);

describe('users', () => {
  it('are made by an admin, with what it says, and can sign in', async () => {
    await ask('POST', '/api/groups', admin, { name: 'Builders' });
    const body = wish({ groups: ['builders'], role: 'company_admin', machine_role: 'sudo' });
    const answer = await ask('POST', '/api/users', admin, body);
    expect(answer).toMatchObject({
      status: 201,
      body: { user: { username: body.username, role: 'company_admin', machine_role: 'sudo', groups: ['Builders'] } },
    });
    const { user } = await backend.signIn(body);
    expect(user).toMatchObject({ tenant_id: admin.tenantId, groups: ['Builders'], first_name: 'Grace' });
    const lines = (await audit(backend, admin)).filter((line) => line.resource === user.id);
    expect(lines[0]).toMatchObject({ action: 'user_created', username: admin.username, status: 'success' });
    expect(JSON.stringify(lines)).not.toContain(body.password);
  });

  it('are by default without rights of their own, and enabled', async () => {
    const { body } = await ask('POST', '/api/users', admin, wish());
    expect(body).toMatchObject({
      user: { role: 'user', machine_role: 'non-sudo', groups: [], enabled: true, last_login: null },
    });
  });

  it.each([
    ['a user name that is taken on the platform', () => ({ username: admin.username.toUpperCase() }), 'username-taken'],
    ['an email that is taken in the organization', () => ({ email: admin.email }), 'email-taken'],
    ['a group that is not there', () => ({ groups: ['nobody’s'] }), 'invalid-fields'],
    ['a short password', () => ({ password: 'short' }), 'invalid-fields'],
    ['the role of a super admin', () => ({ role: 'super_admin' }), 'role-too-low'],
    ['another organization', () => ({ tenant_id: 'platform' }), 'role-too-low'],
  ])('are refused with %s', async (_what, change, code) => {
    const body = wish(change());
    expect(await ask('POST', '/api/users', admin, body)).toMatchObject({ body: { code } });
    expect((await listedBy(admin, `?q=${body.username}`)).users).toHaveLength(code === 'username-taken' ? 1 : 0);
  });

  it('are listed, searched and paged, each with its groups', async () => {
    const owner = await anAdmin(backend);
    await ask('POST', '/api/groups', owner, { name: 'b' });
    await ask('POST', '/api/groups', owner, { name: 'A' });
    await aColleague(backend, owner, { groups: ['b', 'A'], first_name: 'Per%cent' });
    await aColleague(backend, owner);
    expect((await listedBy(owner)).users).toHaveLength(3);
    expect(await listedBy(owner, '?limit=2&page=2')).toMatchObject({ users: [{}], total: 3 });
    const { users: found } = await listedBy(owner, '?q=per%25c');
    expect(found).toMatchObject([{ groups: ['A', 'b'], enabled: true }]);
  });

  it('are read by themselves and by admins, and by nobody else', async () => {
    const [one, two] = [await aColleague(backend, admin), await aColleague(backend, admin)];
    const path = `/api/users/${one.userId}`;
    expect(await ask('GET', path, one)).toMatchObject({ status: 200, body: { user: { username: one.username } } });
    expect(await ask('GET', `${path}/roles`, one)).toMatchObject({ body: { roles: ['user', 'non-sudo'] } });
    expect(await ask('GET', path, admin)).toMatchObject({ status: 200 });
    for (const address of [path, `${path}/roles`, '/api/users']) {
      expect(await ask('GET', address, two)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
    }
  });

  it('change nothing of users without being an admin', async () => {
    const [one, two] = [await aColleague(backend, admin), await aColleague(backend, admin)];
    const path = `/api/users/${one.userId}`;
    const tries: [string, string, object?][] = [
      ['POST', '/api/users', wish()],
      ['PUT', path, { role: 'company_admin' }],
      ['POST', `${path}/roles`, { roles: ['company_admin', 'sudo'] }],
      ['DELETE', path],
    ];
    for (const who of [one, two]) {
      for (const [method, address, body] of tries) {
        expect(await ask(method, address, who, body)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
      }
    }
    expect(await me(one)).toMatchObject({ body: { user: { role: 'user' } } });
  });

  it('of another organization are not there', async () => {
    const stranger = await anAdmin(backend);
    for (const [method, rest, body] of [
      ['GET', '', undefined],
      ['PUT', '', { enabled: false }],
      ['DELETE', '', undefined],
      ['GET', '/roles', undefined],
      ['POST', '/roles', { roles: ['user', 'non-sudo'] }],
    ] as const) {
      const foreign = await ask(method, `/api/users/${admin.userId}${rest}`, stranger, body);
      const nobody = await ask(method, `/api/users/${newObjectId()}${rest}`, stranger, body);
      expect(foreign).toMatchObject({ status: 404, body: { code: 'not-found' } });
      expect(plain(foreign)).toEqual(plain(nobody));
    }
    expect((await listedBy(stranger)).users).toHaveLength(1);
  });

  it('with their roles set as a pair have these and no others', async () => {
    const one = await aColleague(backend, admin);
    const path = `/api/users/${one.userId}/roles`;
    expect((await ask('POST', path, admin, { roles: ['sudo', 'company_admin'] })).status).toBe(200);
    expect(await ask('GET', path, admin)).toMatchObject({ body: { roles: ['company_admin', 'sudo'] } });
    for (const roles of [['user'], ['user', 'company_admin'], ['sudo', 'non-sudo'], ['root', 'sudo']]) {
      expect(await ask('POST', path, admin, { roles })).toMatchObject({ status: 400 });
    }
    const raised = await ask('POST', path, admin, { roles: ['super_admin', 'sudo'] });
    expect(raised).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
  });
});

describe('an organization', () => {
  it('keeps its last admin', async () => {
    const only = await anAdmin(backend);
    const disabled = await aColleague(backend, only, { role: 'company_admin' });
    await put(disabled, { enabled: false }, only);
    const last = { status: 409, body: { code: 'last-admin' } };
    expect(await put(only, { role: 'user' }, only)).toMatchObject(last);
    expect(await put(only, { enabled: false }, only)).toMatchObject(last);
    expect(await ask('POST', `/api/users/${only.userId}/roles`, only, { roles: ['user', 'sudo'] })).toMatchObject(last);
    expect(await me(only)).toMatchObject({ body: { user: { role: 'company_admin' } } });
  });

  it('has admins that neither disable nor delete themselves, but may step down', async () => {
    const one = await anAdmin(backend);
    const two = await aColleague(backend, one, { role: 'company_admin' });
    const yourself = { status: 409, body: { code: 'not-yourself' } };
    expect(await put(one, { enabled: false }, one)).toMatchObject(yourself);
    expect(await ask('DELETE', `/api/users/${one.userId}`, one)).toMatchObject(yourself);
    expect((await put(two, { role: 'user' }, two)).status).toBe(200);
    expect(await ask('DELETE', `/api/users/${one.userId}`, two)).toMatchObject({ status: 403 });
  });
});

describe('a change of a user takes effect at once', () => {
  it('its names and groups are in the next answer, and what the audit says is what was changed', async () => {
    const one = await aColleague(backend, admin);
    await ask('POST', '/api/groups', admin, { name: 'Movers' });
    const change = { first_name: 'New', groups: ['Movers'] };
    expect(await put(one, change)).toMatchObject({ body: { user: change } });
    expect(await me(one)).toMatchObject({ body: { user: change } });
    expect(await put(one, { groups: [] })).toMatchObject({ body: { user: { groups: [], first_name: 'New' } } });
    const last = (await audit(backend, admin)).findLast((line) => line.resource === one.userId);
    expect(last).toMatchObject({ action: 'user_updated', detail: { username: one.username, groups: [] } });
  });

  it('a demoted admin has lost its power with the token it has, and its sockets dial again', async () => {
    const one = await aColleague(backend, admin, { role: 'company_admin' });
    await using listener = await connectEvents(backend, one);
    await listener.next('snapshot');
    expect((await ask('GET', '/api/users', one)).status).toBe(200);
    await put(one, { role: 'user' });
    expect(await ask('GET', '/api/users', one)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
    expect(await listener.closed).toMatchObject({ code: 1012 });
  });

  it('a demoted admin loses its shell on a machine that is not its own', async () => {
    const one = await aColleague(backend, admin, { role: 'company_admin' });
    const agent = await aJoinedMachine(backend, admin);
    await using link = await agent.connect();
    runShells(link);
    await using client = await connectTerminal(backend, one, agent.agentId);
    const sessionId = await openTerminal(client);
    await put(one, { role: 'user' });
    expect([1012, 4403]).toContain((await client.closed).code);
    expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
  });

  it('a lowered machine role ends the shells that may gain root, and leaves the others', async () => {
    const one = await aColleague(backend, admin, { machine_role: 'sudo' });
    const [own, granted] = [await aJoinedMachine(backend, one), await aJoinedMachine(backend, admin)];
    await grant(backend, one, granted.agentId);
    await using link = await own.connect();
    await using other = await granted.connect();
    runShells(link);
    runShells(other);
    await using client = await connectTerminal(backend, one, own.agentId);
    await using modest = await connectTerminal(backend, one, granted.agentId);
    const [sessionId, modestId] = [await openTerminal(client), await openTerminal(modest)];
    expect(await link.next('open')).toMatchObject({ machine_role: 'sudo' });
    expect(await other.next('open')).toMatchObject({ machine_role: 'non-sudo' });
    await put(one, { machine_role: 'non-sudo' });
    expect(await link.next('close')).toMatchObject({ session_id: sessionId, reason: 'revoked' });
    const { body } = await ask('GET', '/api/terminal/sessions', one);
    expect(body).toMatchObject({ sessions: [{ session_id: modestId }] });
  });

  it('a disabled user is out: token, sockets, shells and sign-in', async () => {
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, one);
    await using link = await agent.connect();
    runShells(link);
    await using client = await connectTerminal(backend, one, agent.agentId);
    await attachTerminal(client, await openTerminal(client));
    await put(one, { enabled: false });
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(await link.next('close')).toMatchObject({ reason: 'revoked' });
    expect(await me(one)).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
    const refreshed = await backend.request('POST', '/api/auth/refresh', { body: { token: one.token } });
    expect(refreshed).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    const login = await backend.request('POST', '/api/auth/login', { body: one });
    expect(login).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
  });

  it('one that is enabled again signs in anew: its days count again, its old token is over', async () => {
    const one = await aColleague(backend, admin);
    await put(one, { enabled: false });
    const long = new Date(Date.now() - 40 * 24 * 3_600_000).toISOString();
    await backend.store
      .organization(admin.organizationId)
      .upkeep((tx) =>
        tx.updateTable('users').set({ last_login_at: long, enabled_at: long }).where('id', '=', one.userId).execute(),
      );
    expect(await put(one, { enabled: true })).toMatchObject({ body: { user: { enabled: true } } });
    expect(await me(one)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    expect((await backend.signIn(one)).user.id).toBe(one.userId);
  });

  it('a deleted user is gone with its tokens and shells; its machines are the admin’s', async () => {
    const one = await aColleague(backend, admin);
    const agent = await aJoinedMachine(backend, one, { name: 'left behind' });
    await using link = await agent.connect();
    runShells(link);
    await using client = await connectTerminal(backend, one, agent.agentId);
    const sessionId = await openTerminal(client);
    expect((await ask('DELETE', `/api/users/${one.userId}`, admin)).status).toBe(200);
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(await link.next('close')).toMatchObject({ session_id: sessionId });
    expect(await me(one)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    expect(await backend.request('POST', '/api/auth/login', { body: one })).toMatchObject({ status: 401 });
    expect(await ask('GET', `/api/machines/${agent.agentId}`, admin)).toMatchObject({
      body: { machine: { owner_id: admin.userId, status: 'online' } },
    });
    expect(await ask('DELETE', `/api/users/${one.userId}`, admin)).toMatchObject({ status: 404 });
    const lines = (await audit(backend, admin)).filter((line) => line.action === 'user_deleted');
    expect(lines.at(-1)).toMatchObject({ resource: one.userId, detail: { machines: [agent.agentId] } });
  });
});

describe('a super admin', () => {
  it('makes users in any organization, and super admins in the platform’s own only', async () => {
    const above = await aSuperAdmin(backend);
    const there = await ask('POST', '/api/users', above, wish({ tenant_id: admin.tenantId, role: 'company_admin' }));
    expect(there).toMatchObject({ status: 201, body: { user: { role: 'company_admin' } } });
    expect(await ask('POST', '/api/users', above, wish({ tenant_id: 'no-such-one' }))).toMatchObject({ status: 404 });
    expect((await ask('POST', '/api/users', above, wish({ role: 'super_admin' }))).status).toBe(201);
    const misplaced = [wish({ tenant_id: admin.tenantId, role: 'super_admin' }), wish({ role: 'company_admin' })];
    for (const body of misplaced) {
      expect(await ask('POST', '/api/users', above, body)).toMatchObject({
        status: 409,
        body: { code: 'role-not-here' },
      });
    }
  });

  it('is out of sight and reach of every company admin', async () => {
    const above = await aSuperAdmin(backend);
    expect(await ask('GET', `/api/users/${above.userId}`, admin)).toMatchObject({ status: 404 });
    expect(await put(above, { enabled: false })).toMatchObject({ status: 404 });
    expect(await put(await aColleague(backend, admin), { role: 'super_admin' })).toMatchObject({ status: 403 });
    expect((await listedBy(admin)).users.map(({ id }) => id)).not.toContain(above.userId);
  });

  it('acts in the organization it selected, sees itself, and owns nothing there', async () => {
    const above = await aSuperAdmin(backend);
    const acting = await actingIn(backend, above, admin.tenantId);
    expect(await me(acting)).toMatchObject({ body: { user: { id: above.userId, tenant_id: admin.tenantId } } });
    expect((await listedBy(acting)).users.map(({ id }) => id)).toContain(admin.userId);
    expect(await ask('GET', `/api/users/${above.userId}`, acting)).toMatchObject({ status: 200 });
    const machine = await ask('POST', '/api/machines', acting, { name: 'mine' });
    expect(machine).toMatchObject({ status: 409, body: { code: 'not-a-member' } });
    const { agentId } = await aMachine(backend, admin);
    expect((await ask('DELETE', `/api/machines/${agentId}`, acting)).status).toBe(200);
    const last = (await audit(backend, admin)).findLast((line) => line.action === 'machine_deleted');
    expect(last).toMatchObject({ username: above.username });
    const renewed = await backend.request('POST', '/api/auth/refresh', { body: { token: acting.token } });
    const { token: newer } = z.object({ token: z.string() }).parse(renewed.body);
    expect(await me({ ...above, token: newer })).toMatchObject({ body: { user: { tenant_id: admin.tenantId } } });
  });

  it('that was demoted has lost every organization with the token it has', async () => {
    const [one, two] = [await aSuperAdmin(backend), await aSuperAdmin(backend)];
    const acting = await actingIn(backend, two, admin.tenantId);
    expect((await put(two, { role: 'user' }, one)).status).toBe(200);
    expect(await ask('GET', '/api/users', acting)).toMatchObject({ status: 403 });
    expect(await me(acting)).toMatchObject({ body: { user: { tenant_id: 'platform' } } });
  });
});

describe('roles', () => {
  it('are told to anybody signed in, with what they permit', async () => {
    const one = await aColleague(backend, admin);
    const names = async (path: string) => {
      const { body } = await ask('GET', path, one);
      const list = z.object({ roles: z.array(z.object({ name: z.string(), description: z.string() })) });
      return list.parse(body).roles.map(({ name }) => name);
    };
    expect(await names('/api/roles/portal')).toEqual(['super_admin', 'company_admin', 'user']);
    expect(await names('/api/roles/machine')).toEqual(['sudo', 'non-sudo']);
    expect(await names('/api/roles')).toHaveLength(5);
  });
});
