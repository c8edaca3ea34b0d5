import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profile } from '../../protocol/api/profile.ts';
import { startBackend, type Backend } from './backend.ts';
import { connectEvents } from './events-client.ts';
import { aColleague, anAdmin, asker, aSuperAdmin, actingIn, audit, type Person } from './people.ts';
import { joinScripted, newAgentKey, register } from './scripted-agent.ts';

const clock = { ahead: 0 };
let backend: Backend;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend({ clock });
  admin = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const ask = asker(() => backend);
const post = (path: string, who: Person, body?: unknown) => ask('POST', path, who, body);
async function newKey(who: Person): Promise<string> {
  const answer = await post('/api/profile/regenerate-api-key', who);
  return profile.regenerateKey.answer[200].parse(answer.body).api_key;
}
const reset = (who: Person, current_password: string, new_password = 'a new one of mine') =>
  post('/api/profile/reset-password', who, { current_password, new_password });
const me = (token: string) => backend.request('GET', '/api/users/me', { token });

describe('an API key', () => {
  it('is shown once, masked afterwards, and stored only as its hash', async () => {
    const one = await aColleague(backend, admin);
    const key = await newKey(one);
    expect(key).toMatch(/^vsay_ak_[\w-]{32}$/);
    const masked = `vsay_ak_************${key.slice(-4)}`;
    const shown = await backend.request('GET', '/api/profile', { token: one.token });
    expect(shown).toMatchObject({ status: 200, body: { user: { api_key: masked, username: one.username } } });
    const { read } = backend.store.organization(one.organizationId);
    expect(JSON.stringify(await read.selectFrom('users').selectAll().execute())).not.toContain(key);
    expect(backend.logged.join('\n')).not.toContain(key);
    const lines = (await audit(backend, admin)).filter(({ action }) => action === 'api_key_regenerated');
    expect(lines.at(-1)).toMatchObject({ resource: one.userId, username: one.username });
    expect(JSON.stringify(lines)).not.toContain(key);
  });

  it('that was replaced joins nothing, and what joined with it has to join again', async () => {
    const one = await aColleague(backend, admin);
    const old = await newKey(one);
    const agent = await joinScripted(backend, old);
    await using link = await agent.connect();
    const key = await newKey(one);
    expect(await link.next('goodbye')).toMatchObject({ reason: 'revoked' });
    const { link: again, nonce } = await agent.dial();
    again.say(agent.hello(nonce));
    expect(await again.next('goodbye')).toMatchObject({ reason: 'unauthorized' });
    expect(await backend.request('GET', `/api/machines/${agent.agentId}`, { token: one.token })).toMatchObject({
      body: { machine: { status: 'pending' } },
    });
    expect((await register(backend, old, newAgentKey())).status).toBe(401);
    expect((await register(backend, key, newAgentKey())).status).toBe(201);
    await again[Symbol.asyncDispose]();
  });

  it('of a super admin is its own, wherever it acts', async () => {
    const acting = await actingIn(backend, await aSuperAdmin(backend), admin.tenantId);
    const answer = await register(backend, await newKey(acting), newAgentKey());
    expect(await answer.json()).toMatchObject({ tenant_id: 'platform' });
  });
});

describe('a new password', () => {
  it('is the one to sign in with, and ends every other sign-in of the account', async () => {
    const one = await aColleague(backend, admin);
    const { token: elsewhere } = await backend.signIn(one);
    await using listener = await connectEvents(backend, { token: elsewhere });
    await listener.next('snapshot');
    expect((await reset(one, one.password)).status).toBe(200);
    expect((await me(one.token)).status).toBe(200);
    expect(await me(elsewhere)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    const refreshed = await backend.request('POST', '/api/auth/refresh', { body: { token: elsewhere } });
    expect(refreshed).toMatchObject({ status: 401 });
    expect(await listener.closed).toMatchObject({ code: 4401 });
    expect(await backend.request('POST', '/api/auth/login', { body: one })).toMatchObject({ status: 401 });
    expect((await backend.signIn({ ...one, password: 'a new one of mine' })).user.id).toBe(one.userId);
    const lines = (await audit(backend, admin)).filter(({ action }) => action === 'password_changed');
    expect(lines.at(-1)).toMatchObject({ resource: one.userId, status: 'success' });
  });

  it('wants the current one: wrong, it is refused without signing out, and audited', async () => {
    const one = await aColleague(backend, admin);
    expect(await reset(one, 'not it')).toMatchObject({ status: 400, body: { code: 'wrong-password' } });
    expect(await reset(one, one.password, 'short')).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
    expect((await me(one.token)).status).toBe(200);
    const last = (await audit(backend, admin)).findLast(({ action }) => action === 'password_changed');
    expect(last).toMatchObject({ resource: one.userId, status: 'failure' });
  });

  it('is not to be guessed at: tries slow down, and lock nobody out of signing in', async () => {
    const one = await aColleague(backend, admin);
    for (let i = 0; i < 6; i++) expect((await reset(one, `guess ${i}`)).status).toBe(400);
    const slowed = await reset(one, one.password);
    expect(slowed).toMatchObject({ status: 429, body: { code: 'slow-down' } });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await backend.signIn(one)).user.id).toBe(one.userId);
    clock.ahead += 5_000;
    expect((await reset(one, one.password)).status).toBe(200);
  });
});
