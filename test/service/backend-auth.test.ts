import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { entryHash } from '../../backend/store/audit.ts';
import { PLATFORM } from '../../backend/store/store.ts';
import { organizationWanted } from '../../protocol/api/auth.ts';
import { signupBody, startBackend, type Account, type Backend } from './backend.ts';

const day = 24 * 3_600_000;
const clock = { ahead: 0 };
let backend: Backend;
beforeAll(async () => {
  backend = await startBackend({ clock, environment: { TRUSTED_PROXIES: '127.0.0.1' } });
});
afterAll(() => backend[Symbol.asyncDispose]());

/** Each from an address of its own: wrong passwords slow down whoever else is at theirs. */
let addresses = 0;
const login = ({ email, password }: Pick<Account, 'email' | 'password'>) =>
  backend.request('POST', '/api/auth/login', {
    body: { email, password },
    headers: { 'x-forwarded-for': `10.0.${Math.floor(addresses / 250)}.${1 + (addresses++ % 250)}` },
  });
const guessFrom = (address: string) =>
  backend.request('POST', '/api/auth/login', {
    body: { email: `nobody${addresses++}@example.org`, password: 'a usual one' },
    headers: { 'x-forwarded-for': address },
  });
const me = (token: string) => backend.request('GET', '/api/users/me', { token });
const refresh = (token: string) => backend.request('POST', '/api/auth/refresh', { body: { token } });
const freshToken = z.object({ token: z.string(), expires_in: z.number() });
/** Another organization with an account of the same email. */
const alsoAt = ({ email, password }: Account, change: Partial<Account> = {}) =>
  backend.signUp({ email, password, ...change });
async function organizationId(slug: string): Promise<string> {
  const { read } = backend.store.platform;
  const row = await read.selectFrom('organizations').select('id').where('slug', '=', slug).executeTakeFirstOrThrow();
  return row.id;
}
async function audited(slug: string) {
  const id = await organizationId(slug);
  const within = backend.store.organization(id);
  return within.read.selectFrom('audit_entries').selectAll().orderBy('seq').execute();
}
const change = (
  username: string,
  columns: { disabled_at?: string | null; role?: 'user'; last_login_at?: string; enabled_at?: string },
) =>
  backend.store.platform.upkeep((tx) =>
    tx.updateTable('users').set(columns).where('username', '=', username).execute(),
  );

describe('signing up', () => {
  it('makes an organization and its admin, who can then sign in', async () => {
    const account = await backend.signUp({ organization: 'Analytical Engines' });
    const { user, available_tenants } = await backend.signIn(account);
    expect(user).toMatchObject({
      username: account.username,
      email: account.email,
      tenant_id: 'analytical-engines',
      tenant_name: 'Analytical Engines',
      role: 'company_admin',
      machine_role: 'sudo',
      groups: [],
      email_verified: false,
    });
    expect(available_tenants).toMatchObject([{ tenant_id: 'analytical-engines', user_id: user.id }]);
  });

  it('refuses a taken organization or user name, however written, and leaves nothing of the second', async () => {
    const account = await backend.signUp();
    const again = (wish: Partial<Account>) =>
      backend.request('POST', '/api/auth/signup', { body: signupBody({ ...account, ...wish }) });
    expect(await again({ username: 'somebody.else' })).toMatchObject({
      status: 409,
      body: { code: 'organization-taken' },
    });
    const name = { organization: 'not taken yet', username: account.username.toUpperCase() };
    expect(await again(name)).toMatchObject({ status: 409, body: { code: 'username-taken' } });
    expect(await again({ ...name, username: 'somebody.else' })).toMatchObject({ status: 201 });
    expect(await again({ organization: PLATFORM.slug, username: 'x.y.z' })).toMatchObject({ status: 409 });
  });

  it('says which field will not do', async () => {
    const body = {
      ...signupBody(await backend.signUp()),
      password: 'short',
      username: 'a b',
      organization_name: 'a/b',
    };
    const answer = await backend.request('POST', '/api/auth/signup', { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
    const { fields } = z.object({ fields: z.array(z.object({ path: z.string() })) }).parse(answer.body);
    expect(fields.map(({ path }) => path)).toEqual(['username', 'password']);
    const slug = { ...body, password: 'long enough', username: 'fine' };
    expect(await backend.request('POST', '/api/auth/signup', { body: slug })).toMatchObject({
      status: 400,
      body: { code: 'invalid-fields', fields: [{ path: 'organization_name' }] },
    });
  });
});

describe('signing in', () => {
  it('answers an unknown email and a wrong password alike', async () => {
    const account = await backend.signUp();
    const wrong = await login({ ...account, password: 'not the password' });
    const unknown = await login({ email: 'nobody@example.test', password: 'not the password' });
    const plain = (answer: typeof wrong) => ({
      status: answer.status,
      body: { ...z.looseObject({}).parse(answer.body), request_id: '' },
    });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong-credentials' } });
    expect(plain(unknown)).toEqual(plain(wrong));
  });

  it('slows down after some wrong passwords, and says for how long', async () => {
    const account = await backend.signUp();
    for (let i = 0; i < 6; i++) expect((await login({ ...account, password: `guess ${i}` })).status).toBe(401);
    const slowed = await login(account);
    expect(slowed).toMatchObject({ status: 429, body: { code: 'slow-down' } });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    clock.ahead += 5_000;
    expect((await login(account)).status).toBe(200);
  });

  it('asks which organization, where one password opens several accounts', async () => {
    const here = await backend.signUp();
    const there = await alsoAt(here);
    const answer = await login(here);
    const { tenants, session_token } = organizationWanted.parse(answer.body);
    expect(new Set(tenants.map(({ tenant_id }) => tenant_id))).toEqual(
      new Set([here.organization, there.organization]),
    );
    expect(await me(session_token)).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
    expect(await refresh(session_token)).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
  });

  it('reaches only accounts whose own password it was: nobody walks in with a stranger’s email', async () => {
    const victim = await backend.signUp();
    const intruder = await alsoAt(victim, { password: 'the intruder’s own' });
    const { user, available_tenants } = await backend.signIn(intruder);
    expect(user.tenant_id).toBe(intruder.organization);
    expect(available_tenants.map(({ tenant_id }) => tenant_id)).toEqual([intruder.organization]);
    expect((await backend.signIn(victim)).user.tenant_id).toBe(victim.organization);
  });

  it('still reaches an account whose email strangers sign up with over and over, and tells no admin of them', async () => {
    const victim = await backend.signUp();
    const crowd: Account[] = [];
    for (let i = 0; i < 12; i++) crowd.push(await alsoAt(victim, { password: 'the intruder’s own' }));
    for (const { username } of crowd)
      await change(username, { last_login_at: new Date(Date.now() + day).toISOString() });
    expect((await backend.signIn(victim)).user.username).toBe(victim.username);
    const late = await alsoAt(victim, { password: 'of a later account' });
    const { token, user } = await backend.signIn(late);
    expect(user.username).toBe(late.username);
    const member = { email: crowd[0]?.email, username: 'a.member.of.another', password: 'a password of its own' };
    const admin = await backend.signIn(await backend.signUp());
    const body = { ...member, first_name: 'A', last_name: 'B' };
    expect(await backend.request('POST', '/api/users', { token: admin.token, body })).toMatchObject({ status: 201 });
    expect(await backend.request('POST', '/api/users', { token, body })).toMatchObject({
      status: 409,
      body: { code: 'email-taken' },
    });
  });

  it('counts guesses at a stranger’s account also of who has one of the same email', async () => {
    const victim = await backend.signUp();
    const intruder = await alsoAt(victim, { password: 'the intruder’s own' });
    for (let i = 0; i < 5; i++) expect((await login({ ...victim, password: `guess ${i}` })).status).toBe(401);
    expect((await login(intruder)).status).toBe(200);
    expect(await login({ ...victim, password: 'guess again' })).toMatchObject({ body: { code: 'slow-down' } });
  });

  it('slows down guessing from all addresses that one person has in IPv6', async () => {
    for (let i = 1; i <= 21; i++) expect((await guessFrom(`2001:db8:7:7::${i}`)).status).toBe(401);
    expect(await guessFrom('2001:db8:7:7::22')).toMatchObject({ status: 429, body: { code: 'slow-down' } });
  });

  it('says that an account or its organization is disabled, but only to who knows the password', async () => {
    const account = await backend.signUp();
    await change(account.username, { disabled_at: new Date().toISOString() });
    expect(await login(account)).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
    expect(await login({ ...account, password: 'wrong password' })).toMatchObject({
      body: { code: 'wrong-credentials' },
    });
    const other = await backend.signUp();
    await backend.store.platform.upkeep((tx) =>
      tx.updateTable('organizations').set({ disabled_at: 'now' }).where('slug', '=', other.organization).execute(),
    );
    expect(await login(other)).toMatchObject({ status: 403, body: { code: 'organization-disabled' } });
  });

  it('skips a disabled account where the same password opens another', async () => {
    const here = await backend.signUp();
    const there = await alsoAt(here);
    await change(here.username, { disabled_at: new Date().toISOString() });
    expect((await backend.signIn(here)).user.tenant_id).toBe(there.organization);
  });

  it('disables an account that was not used for 30 days, until an admin enables it', async () => {
    const account = await backend.signUp();
    const long = new Date(Date.now() - 31 * day).toISOString();
    await change(account.username, { last_login_at: long, enabled_at: long });
    expect(await login(account)).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
    await change(account.username, { last_login_at: new Date().toISOString() });
    expect(await login(account)).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
    await change(account.username, { last_login_at: long, enabled_at: new Date().toISOString(), disabled_at: null });
    expect((await login(account)).status).toBe(200);
  });

  it('does not take for unused who stays signed in', async () => {
    const account = await backend.signUp();
    const { token } = await backend.signIn(account);
    const long = new Date(Date.now() - 31 * day).toISOString();
    await change(account.username, { last_login_at: long, enabled_at: long });
    expect((await refresh(token)).status).toBe(200);
    expect((await login(account)).status).toBe(200);
  });

  it('says which ways there are', async () => {
    expect(await backend.request('GET', '/api/auth/providers')).toMatchObject({
      status: 200,
      body: { password: true, microsoft: false, github: false, otp: false },
    });
  });
});

describe('a token', () => {
  it('has the claims of the contract and the source of its client', async () => {
    const account = await backend.signUp();
    const answer = await backend.request('POST', '/api/auth/login', {
      body: { email: account.email, password: account.password },
      headers: { 'user-agent': 'webxterm-desktop/1.0' },
    });
    const { token } = freshToken.parse(answer.body);
    expect(decodeJwt(token)).toMatchObject({
      iss: 'vsay-auth',
      username: account.username,
      email: account.email,
      tenant_id: account.organization,
      role: 'company_admin',
      machine_role: 'sudo',
      source: 'desktop',
    });
  });

  it('counts for nothing but who and which sign-in: rights are read anew on each request', async () => {
    const account = await backend.signUp();
    const { token } = await backend.signIn(account);
    await change(account.username, { role: 'user' });
    expect(await me(token)).toMatchObject({ status: 200, body: { user: { role: 'user' } } });
    await change(account.username, { disabled_at: new Date().toISOString() });
    expect(await me(token)).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
  });

  it.each([
    ['none', undefined, 'not-signed-in'],
    ['nothing', 'Bearer ', 'not-signed-in'],
    ['another scheme', 'Basic YTpi', 'not-signed-in'],
    ['garbage', 'Bearer garbage', 'token-invalid'],
    ['an unsigned one', `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`, 'token-invalid'],
  ])('is refused where it is %s', async (_what, authorization, code) => {
    const answer = await backend.request('GET', '/api/users/me', {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(answer).toMatchObject({ status: 401, body: { code } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('of another server is refused', async () => {
    await using other = await startBackend();
    const { token } = await other.signIn(await other.signUp());
    expect(await me(token)).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
  });

  it('expires, and is refreshed before that without a new sign-in', async () => {
    await using short = await startBackend({ clock, environment: { TOKEN_HOURS: '1' } });
    const { token, expires_in } = await short.signIn(await short.signUp());
    expect(expires_in).toBe(3600);
    clock.ahead += 3_000_000;
    const renewed = freshToken.parse((await short.request('POST', '/api/auth/refresh', { body: { token } })).body);
    expect(decodeJwt(renewed.token)['sid']).toBe(decodeJwt(token)['sid']);
    clock.ahead += 700_000;
    const old = await short.request('GET', '/api/users/me', { token });
    expect(old).toMatchObject({ status: 401, body: { code: 'token-expired' } });
    expect(await short.request('POST', '/api/auth/refresh', { body: { token } })).toMatchObject({
      status: 401,
      body: { code: 'token-expired' },
    });
    expect((await short.request('GET', '/api/users/me', { token: renewed.token })).status).toBe(200);
  });
});

describe('signing out', () => {
  it('ends the sign-in with all its tokens, and no other', async () => {
    const account = await backend.signUp();
    const [here, elsewhere] = [await backend.signIn(account), await backend.signIn(account)];
    const renewed = freshToken.parse((await refresh(here.token)).body);
    expect(await backend.request('POST', '/api/auth/logout', { token: here.token })).toMatchObject({ status: 200 });
    for (const token of [here.token, renewed.token]) {
      expect(await me(token)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
      expect(await refresh(token)).toMatchObject({ status: 401, body: { code: 'token-revoked' } });
    }
    expect((await me(elsewhere.token)).status).toBe(200);
  });
});

describe('an account’s API key', () => {
  it('is never shown but for its last four, and kept as a hash', async () => {
    const account = await backend.signUp();
    const { token, user } = await backend.signIn(account);
    expect(user.api_key).toMatch(/^vsay_ak_\*{12}[\w-]{4}$/);
    const profile = await backend.request('GET', '/api/profile', { token });
    expect(profile).toMatchObject({ status: 200, body: { user: { api_key: user.api_key, avatar_url: null } } });
    const { read } = backend.store.platform;
    const row = await read.selectFrom('users').selectAll().where('id', '=', user.id).executeTakeFirstOrThrow();
    expect(row.api_key_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(row.password_hash).toMatch(/^\$argon2id\$/);
  });
});

describe('the audit of signing in', () => {
  it('has an entry for each step, chained, in the organization it concerns', async () => {
    const account = await backend.signUp();
    await login({ ...account, password: 'wrong password' });
    const { token } = await backend.signIn(account);
    await refresh(token);
    await backend.request('POST', '/api/auth/logout', { token });
    const entries = await audited(account.organization);
    expect(entries.map(({ action, status }) => `${action} ${status}`)).toEqual([
      'signup success',
      'login_failed failure',
      'login success',
      'token_refresh success',
      'logout success',
    ]);
    let before = '0'.repeat(64);
    for (const entry of entries) {
      expect(entry).toMatchObject({
        username: account.username,
        user_agent: 'node',
        prev_hash: before,
        hash: entryHash(entry),
      });
      before = entry.hash;
    }
    expect(JSON.stringify(entries)).not.toContain('wrong password');
  });

  it('tells the platform of an email that nobody has', async () => {
    await login({ email: 'stranger@example.test', password: 'whatever it was' });
    const entries = await audited(PLATFORM.slug);
    expect(entries.at(-1)).toMatchObject({
      action: 'login_failed',
      user_id: null,
      detail: '{"email":"stranger@example.test"}',
    });
  });
});
