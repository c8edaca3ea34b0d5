import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PLATFORM } from '../../backend/store/store.ts';
import { organizationWanted, signedIn } from '../../protocol/api/auth.ts';
import { errorBody } from '../../protocol/api/errors.ts';
import { startBackend, type Account, type Backend } from './backend.ts';
import { openBrowser, type Browser, type Visit } from './browser.ts';
import { CLIENT, startEntra, TENANT, type Entra } from './entra.ts';
import { auditOf } from './people.ts';

const OTHER_TENANT = '22222222-aaaa-4bbb-8ccc-000000000002';
const clock = { ahead: 0 };
let entra: Entra;
let backend: Backend;
beforeAll(async () => {
  // The library says that it is not set up for the public.
  vi.spyOn(console, 'warn').mockReturnValue();
  vi.spyOn(console, 'info').mockReturnValue();
  entra = await startEntra();
  backend = await startBackend({ clock, environment: entra.environment });
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await entra[Symbol.asyncDispose]();
});

let browser: Browser;
beforeEach(() => {
  browser = openBrowser();
});
afterEach(() => {
  Object.assign(entra.state, { change: {}, signer: 'its own' });
});

interface Person {
  readonly login: string;
  readonly oid: string;
}
/** Somebody at Microsoft, whose tenant has proven that the email's domain is its own. */
function atMicrosoft(email: string, change: { oid?: string; xms_edov?: unknown } = {}): Person {
  const login = `l${randomUUID()}`;
  const said = { tid: TENANT, oid: randomUUID(), xms_edov: true, email, preferred_username: email, ...change };
  entra.people.set(login, said);
  return { login, oid: said.oid };
}
const begin = (of = backend) => `${of.url}/api/auth/oidc/microsoft`;
const isCallback = (url: string) => url.includes('/oidc/microsoft/callback');
const never = (_url: string) => false;
/** The person types a name, and lets the server know who it is. */
async function signIn({ login }: Person, { from = begin(), until = never } = {}): Promise<Visit> {
  let page = await browser.open(from, until);
  for (const prompt of ['login', 'consent']) {
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(page.text) ?? [];
    if (action === undefined) throw new Error(`no ${prompt} page but ${page.url}: ${page.text}`);
    page = await browser.submit(action, { prompt, login, password: 'any' }, until);
  }
  return page;
}
async function signInAnew(person: Person): Promise<Visit> {
  browser = openBrowser();
  return signIn(person);
}
const answerOf = ({ text }: Visit): unknown => JSON.parse(text);
const codeOf = (visit: Visit) => errorBody.parse(answerOf(visit)).code;
const nameOf = (visit: Visit) => signedIn.parse(answerOf(visit)).user.username;
const linksOf = async ({ organization }: Account) =>
  (await auditOf(backend, organization)).filter(({ action }) => action === 'identity_linked');

describe('signing in by Microsoft', () => {
  it('links the account of a verified email, which stays found by tid and oid when that changes', async () => {
    const account = await backend.signUp();
    const oid = randomUUID();
    const first = await signIn(atMicrosoft(account.email.toUpperCase(), { oid, xms_edov: '1' }));
    expect(signedIn.parse(answerOf(first)).user).toMatchObject({ username: account.username, email_verified: true });
    for (const xms_edov of [false, true]) {
      const again = await signInAnew(atMicrosoft('renamed@example.test', { oid, xms_edov }));
      expect(nameOf(again)).toBe(account.username);
    }
    expect(await linksOf(account)).toHaveLength(1);
    const { subject } = await backend.store.platform.read
      .selectFrom('identities')
      .innerJoin('users', 'users.id', 'identities.user_id')
      .select('subject')
      .where('users.username', '=', account.username)
      .executeTakeFirstOrThrow();
    expect(subject).toBe(`${TENANT}:${oid}`);
  });

  it('keeps others out of a linked account: of another oid, or of the same oid in another tenant', async () => {
    const account = await backend.signUp();
    const { oid, login } = atMicrosoft(account.email);
    expect(await signIn({ login, oid }).then(nameOf)).toBe(account.username);
    expect(await signInAnew(atMicrosoft(account.email)).then(codeOf)).toBe('account-unknown');
    entra.state.change = { tid: OTHER_TENANT, iss: `${entra.origin}/${OTHER_TENANT}/v2.0` };
    expect(await signInAnew({ login, oid }).then(codeOf)).toBe('account-unknown');
  });

  it('takes accounts of any tenant, each named by its own issuer', async () => {
    const account = await backend.signUp();
    entra.state.change = { tid: OTHER_TENANT, iss: `${entra.origin}/${OTHER_TENANT}/v2.0` };
    expect(await signIn(atMicrosoft(account.email)).then(nameOf)).toBe(account.username);
  });

  it.each([false, 0, '0', 'false', undefined])(
    'links no email that its tenant has not proven: xms_edov is %s',
    async (xms_edov) => {
      const account = await backend.signUp();
      const refused = await signIn(atMicrosoft(account.email, { xms_edov }));
      expect([refused.status, codeOf(refused)]).toEqual([403, 'email-not-verified']);
      expect(await linksOf(account)).toHaveLength(0);
    },
  );

  it('lets choose between several organizations, and asks for no more', async () => {
    const here = await backend.signUp();
    const there = await backend.signUp({ email: here.email });
    const answer = await signIn(atMicrosoft(here.email));
    const { session_token, tenants } = organizationWanted.parse(answerOf(answer));
    expect(tenants.map(({ tenant_id }) => tenant_id).toSorted()).toEqual(
      [here.organization, there.organization].toSorted(),
    );
    const body = { session_token, tenant_id: there.organization };
    const chosen = await backend.request('POST', '/api/auth/select-tenant', { body });
    expect(signedIn.parse(chosen.body).user.username).toBe(there.username);
  });

  it('says so when the person says no', async () => {
    const page = await browser.open(begin());
    const [, abort = ''] = /href="([^"]+\/abort)"/.exec(page.text) ?? [];
    expect(await browser.open(abort).then(codeOf)).toBe('provider-refused');
  });

  it('is not there where it is not configured, and is told apart from a provider that is away', async () => {
    await using bare = await startBackend();
    const absent = { status: 404, body: { code: 'provider-not-configured' } };
    expect(await bare.request('GET', '/api/auth/oidc/microsoft')).toMatchObject(absent);
    expect(await bare.request('GET', '/api/auth/oidc/microsoft/callback?code=a&state=b')).toMatchObject(absent);
    const environment = { ...entra.environment, MICROSOFT_ISSUER: 'http://127.0.0.1:1/common/v2.0' };
    await using away = await startBackend({ environment });
    const failed = { status: 503, body: { code: 'provider-failed' } };
    expect(await away.request('GET', '/api/auth/oidc/microsoft')).toMatchObject(failed);
    expect((await away.request('GET', '/api/auth/providers')).body).toMatchObject({ microsoft: true, github: false });
  });
});

describe('an ID token', () => {
  it.each([
    ['is for another audience', { aud: 'somebody-else' }],
    ['was made for another sign-in', { nonce: 'of another sign-in' }],
    ['was made for no sign-in', { nonce: undefined }],
    ['names another tenant than its issuer', { tid: OTHER_TENANT }],
    ['names no tenant', { tid: undefined }],
    ['names nobody in it', { oid: undefined }],
    ['comes from elsewhere', { iss: `https://evil.example/${TENANT}/v2.0` }],
    ['is over', { exp: Math.floor(Date.now() / 1000) - 3600 }],
  ])('that %s signs nobody in', async (_what, change) => {
    const account = await backend.signUp();
    entra.state.change = change;
    const refused = await signIn(atMicrosoft(account.email));
    expect([refused.status, codeOf(refused)]).toEqual([503, 'provider-failed']);
    expect(await linksOf(account)).toHaveLength(0);
  });

  it('that a stranger signed signs nobody in', async () => {
    entra.state.signer = 'a stranger';
    expect(await signIn(atMicrosoft((await backend.signUp()).email)).then(codeOf)).toBe('provider-failed');
  });

  it('of another tenant signs nobody in where one is configured, nor does an answer of another issuer', async () => {
    await using one = await startBackend({ environment: entra.ofOneTenant });
    const account = await one.signUp();
    const person = atMicrosoft(account.email);
    expect(await signIn(person, { from: begin(one) }).then(nameOf)).toBe(account.username);
    browser = openBrowser();
    const back = new URL((await signIn(person, { from: begin(one), until: isCallback })).url);
    back.searchParams.set('iss', `${entra.origin}/${OTHER_TENANT}/v2.0`);
    expect(await browser.open(back.href).then(codeOf)).toBe('provider-failed');
    browser = openBrowser();
    entra.state.change = { tid: OTHER_TENANT, iss: `${entra.origin}/${OTHER_TENANT}/v2.0` };
    expect(await signIn(person, { from: begin(one) }).then(codeOf)).toBe('provider-failed');
  });
});

/** What a browser that sets out takes to Microsoft. */
async function sentWith(): Promise<URLSearchParams> {
  const { headers } = await backend.request('GET', '/api/auth/oidc/microsoft');
  return new URL(headers.get('location') ?? '').searchParams;
}

describe('what comes back from Microsoft', () => {
  it('is bound to the browser that set out, and works once', async () => {
    const { url } = await signIn(atMicrosoft((await backend.signUp()).email), { until: isCallback });
    const victim = openBrowser();
    expect(await victim.open(url).then(codeOf)).toBe('flow-dead');
    await victim.open(begin());
    expect(await victim.open(url).then(codeOf)).toBe('flow-dead');
    const cookie = browser.cookiesFor(url);
    expect((await browser.open(url)).status).toBe(200);
    expect((await fetch(url, { headers: { cookie } })).status).toBe(401);
  });

  it('brings no code of somebody else’s sign-in into this one: PKCE', async () => {
    const theirs = await signIn(atMicrosoft((await backend.signUp()).email), { until: isCallback });
    browser = openBrowser();
    const mine = await signIn(atMicrosoft((await backend.signUp()).email), { until: isCallback });
    const mixed = new URL(mine.url);
    mixed.searchParams.set('code', new URL(theirs.url).searchParams.get('code') ?? '');
    expect(await browser.open(mixed.href).then(codeOf)).toBe('provider-failed');
  });

  it('was asked for with the scopes, state, nonce and S256 challenge of this sign-in only', async () => {
    const [one, two] = [await sentWith(), await sentWith()];
    expect(Object.fromEntries(one)).toMatchObject({
      client_id: CLIENT,
      response_type: 'code',
      redirect_uri: `${begin()}/callback`,
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    });
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one.get(name)).toMatch(/^[\w-]{43}$/);
      expect(two.get(name)).not.toBe(one.get(name));
    }
  });
});

const newVerifier = () => randomBytes(32).toString('base64url');

describe('the app on a computer', () => {
  const app = { client: 'desktop', redirect_uri: 'http://127.0.0.1:54321/callback', state: 'of the app' };
  /** Of the last sign-in that was begun. */
  let verifier = '';
  const from = () => {
    verifier = newVerifier();
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    return `${begin()}?${new URLSearchParams({ ...app, code_challenge }).toString()}`;
  };
  const isApp = (url: string) => url.startsWith(app.redirect_uri);
  /** What the app is handed once the person says yes on the page. */
  async function confirm(page: Visit): Promise<URLSearchParams> {
    const [, href = ''] = /<a href="([^"]+)"/.exec(page.text) ?? [];
    return new URL((await browser.open(new URL(href, backend.url).href, isApp)).url).searchParams;
  }
  async function handedCode(): Promise<string | null> {
    browser = openBrowser();
    const person = atMicrosoft((await backend.signUp()).email);
    return (await confirm(await signIn(person, { from: from(), until: isApp }))).get('code');
  }
  const exchange = (code: string | null, code_verifier = verifier) =>
    backend.request('POST', '/api/auth/oidc/exchange', {
      body: { code, code_verifier },
      headers: { 'user-agent': 'webxterm-desktop/1.0' },
    });

  it('is signed in once the person confirms, by a code that is exchanged for the answer', async () => {
    const account = await backend.signUp();
    const page = await signIn(atMicrosoft(account.email), { from: from(), until: isApp });
    expect(page.text).toContain(`as ${account.email} (Microsoft)`);
    expect(await linksOf(account)).toHaveLength(0);
    const handed = await confirm(page);
    expect(handed.get('state')).toBe(app.state);
    const { token, user } = signedIn.parse((await exchange(handed.get('code'))).body);
    expect(user.username).toBe(account.username);
    expect(decodeJwt(token)['source']).toBe('desktop');
    expect(await linksOf(account)).toHaveLength(1);
  });

  it('chooses between several organizations itself', async () => {
    const { email } = await backend.signUp();
    await backend.signUp({ email });
    const page = await signIn(atMicrosoft(email), { from: from(), until: isApp });
    const answer = await exchange((await confirm(page)).get('code'));
    expect(organizationWanted.parse(answer.body).tenants).toHaveLength(2);
  });

  it('gets a code that works once, for a minute, and with its own verifier only', async () => {
    const dead = { status: 401, body: { code: 'flow-dead' } };
    const used = await handedCode();
    expect((await exchange(used)).status).toBe(200);
    expect(await exchange(used)).toMatchObject(dead);
    const stolen = await handedCode();
    expect(await exchange(stolen, newVerifier())).toMatchObject(dead);
    expect(await exchange(stolen)).toMatchObject(dead);
    const late = await handedCode();
    clock.ahead += 61_000;
    expect(await exchange(late)).toMatchObject(dead);
  });

  it('leaves an entry in the audit with a code that is not one', async () => {
    await using own = await startBackend({ environment: entra.environment });
    const body = { code: 'a guess', code_verifier: newVerifier() };
    expect((await own.request('POST', '/api/auth/oidc/exchange', { body })).status).toBe(401);
    const entry = (await auditOf(own, PLATFORM.slug)).find(({ action }) => action === 'login_failed');
    const detail = { code: 'flow-dead', method: 'POST', path: '/api/auth/oidc/exchange' };
    expect(entry).toMatchObject({ status: 'failure', username: null, detail });
  });

  it('is told by its own address why nobody was signed in', async () => {
    const { url } = await signIn(atMicrosoft('nobody-here@example.test'), { from: from(), until: isApp });
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({ error: 'account-unknown', state: app.state });
  });
});
