import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorBody } from '../../protocol/api/errors.ts';
import { organizationWanted, signedIn } from '../../protocol/api/auth.ts';
import { startBackend, type Backend } from './backend.ts';
import { openBrowser, type Browser, type Visit } from './browser.ts';
import { startGithub, type Github } from './github.ts';
import { auditOf } from './people.ts';

const clock = { ahead: 0 };
let github: Github;
let backend: Backend;
beforeAll(async () => {
  github = await startGithub();
  backend = await startBackend({ clock, environment: github.environment });
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await github[Symbol.asyncDispose]();
});

let ids = 1000;
let browser: Browser;
beforeEach(() => {
  browser = openBrowser();
});
const begin = () => `${backend.url}/api/auth/oidc/github`;
const isCallback = (url: string) => url.includes('/oidc/github/callback');
/** Who is at GitHub from now on: with an email of its own that nobody is shown, and one that is not verified. */
function atGithub(email: string, change: { id?: number; verified?: boolean } = {}) {
  const { id = ids++, verified = true } = change;
  const emails = [
    { email: 'someone@noreply.example.test', primary: false, verified: true },
    { email, primary: true, verified },
  ];
  github.state.person = { id, login: `person-${id}`, emails };
  return github.state.person;
}
const answerOf = ({ text }: Visit): unknown => JSON.parse(text);
const codeOf = (visit: Visit) => errorBody.parse(answerOf(visit)).code;
const signedInAs = (visit: Visit) => signedIn.parse(answerOf(visit));

describe('signing in by GitHub', () => {
  it('opens the account of the verified primary email, which stays linked by id when that changes', async () => {
    const account = await backend.signUp();
    const { id } = atGithub(account.email.toUpperCase());
    const first = signedInAs(await browser.open(begin()));
    expect(first.user).toMatchObject({ username: account.username, email_verified: true });
    atGithub('quite-another@example.test', { id, verified: false });
    expect(signedInAs(await openBrowser().open(begin())).user.username).toBe(account.username);
    const actions = (await auditOf(backend, account.organization)).map(({ action }) => action);
    expect(actions.filter((action) => action === 'identity_linked')).toHaveLength(1);
    expect(actions.filter((action) => action === 'login')).toHaveLength(2);
  });

  it('is by id, not by email, once linked: another person of that email does not get in', async () => {
    const account = await backend.signUp();
    atGithub(account.email);
    await browser.open(begin());
    atGithub(account.email);
    expect(codeOf(await openBrowser().open(begin()))).toBe('account-unknown');
  });

  it('links no email that GitHub has not verified, and makes no accounts', async () => {
    const account = await backend.signUp();
    atGithub(account.email, { verified: false });
    expect(await browser.open(begin()).then(codeOf)).toBe('email-not-verified');
    atGithub('nobody-here@example.test');
    const unknown = await browser.open(begin());
    expect([unknown.status, codeOf(unknown)]).toEqual([403, 'account-unknown']);
  });

  it('lets choose between several organizations, and asks for no more', async () => {
    const here = await backend.signUp();
    const there = await backend.signUp({ email: here.email });
    atGithub(here.email);
    const { session_token, tenants } = organizationWanted.parse(answerOf(await browser.open(begin())));
    expect(tenants).toHaveLength(2);
    const body = { session_token, tenant_id: there.organization };
    const { user, available_tenants } = signedIn.parse(
      (await backend.request('POST', '/api/auth/select-tenant', { body })).body,
    );
    expect(user.username).toBe(there.username);
    expect(available_tenants).toHaveLength(2);
  });

  it('opens no disabled account', async () => {
    const account = await backend.signUp();
    await backend.store.platform.upkeep((tx) =>
      tx
        .updateTable('users')
        .set({ disabled_at: new Date().toISOString() })
        .where('username', '=', account.username)
        .execute(),
    );
    atGithub(account.email);
    expect(codeOf(await browser.open(begin()))).toBe('account-disabled');
  });

  it('says so when the person says no, or GitHub does not work', async () => {
    github.state.person = null;
    expect(codeOf(await browser.open(begin()))).toBe('provider-refused');
    atGithub((await backend.signUp()).email);
    const back = await browser.open(begin(), isCallback);
    github.state.isDown = true;
    try {
      const failed = await browser.open(back.url);
      expect([failed.status, codeOf(failed)]).toEqual([503, 'provider-failed']);
    } finally {
      github.state.isDown = false;
    }
  });

  it('is not there where it is not configured', async () => {
    const absent = await backend.request('GET', '/api/auth/oidc/microsoft');
    expect(absent).toMatchObject({ status: 404, body: { code: 'provider-not-configured' } });
    const ways = (await backend.request('GET', '/api/auth/providers')).body;
    expect(ways).toEqual({ password: true, microsoft: false, github: true, otp: false });
  });
});

describe('what comes back from GitHub', () => {
  it('is bound to the browser that set out: a link made by somebody else signs nobody in', async () => {
    atGithub((await backend.signUp()).email);
    const { url } = await browser.open(begin(), isCallback);
    const victim = openBrowser();
    expect(codeOf(await victim.open(url))).toBe('flow-dead');
    await victim.open(begin(), isCallback);
    expect(codeOf(await victim.open(url))).toBe('flow-dead');
    expect((await browser.open(url)).status).toBe(200);
  });

  it('works once, for ten minutes', async () => {
    atGithub((await backend.signUp()).email);
    const { url } = await browser.open(begin(), isCallback);
    const cookie = browser.cookiesFor(url);
    expect((await browser.open(url)).status).toBe(200);
    expect((await fetch(url, { headers: { cookie } })).status).toBe(401);
    const late = await browser.open(begin(), isCallback);
    clock.ahead += 601_000;
    expect(codeOf(await browser.open(late.url))).toBe('flow-dead');
  });

  it('is remembered by a cookie out of reach of scripts and other addresses', async () => {
    const sent = await backend.request('GET', '/api/auth/oidc/github');
    expect(sent.status).toBe(302);
    const [cookie = ''] = sent.headers.getSetCookie();
    expect(cookie).toMatch(/^webxterm-sign-in=[\w-]{43}; Path=\/api\/auth\/oidc; Max-Age=600; HttpOnly; SameSite=Lax$/);
    const environment = { ...github.environment, PUBLIC_URL: 'https://terminals.example.org' };
    await using secure = await startBackend({ environment });
    const overTls = await secure.request('GET', '/api/auth/oidc/github');
    expect(overTls.headers.getSetCookie()[0]).toMatch(/; Secure$/);
    const to = new URL(overTls.headers.get('location') ?? '');
    expect(to.searchParams.get('redirect_uri')).toBe('https://terminals.example.org/api/auth/oidc/github/callback');
  });

  it('leaves nothing in the store that could go on with it', async () => {
    atGithub((await backend.signUp()).email);
    const { url } = await browser.open(begin(), isCallback);
    const rows = JSON.stringify(await backend.store.platform.read.selectFrom('provider_flows').selectAll().execute());
    const { searchParams } = new URL(url);
    for (const secret of [searchParams.get('state'), searchParams.get('code'), browser.cookiesFor(url).split('=')[1]])
      expect(rows).not.toContain(secret);
    expect(backend.logged.join('')).not.toContain(searchParams.get('code'));
  });
});

const isApp = (url: string) => url.startsWith('http://127.0.0.1:54321/');

/** The person says yes on the page. */
async function confirm(page: Visit): Promise<URL> {
  const [, href = ''] = /<a href="([^"]+)"/.exec(page.text) ?? [];
  const { url } = await browser.open(new URL(href, backend.url).href, isApp);
  return new URL(url);
}

describe('the app on a computer', () => {
  const app = { client: 'desktop', redirect_uri: 'http://127.0.0.1:54321/callback', state: 'of the app' };
  /** Of the last sign-in that was begun. */
  let verifier = '';
  const beginFor = (change: object = {}) => {
    verifier = randomBytes(32).toString('base64url');
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    return `${begin()}?${new URLSearchParams({ ...app, code_challenge, ...change }).toString()}`;
  };
  const exchange = (code: string | null, code_verifier = verifier) =>
    backend.request('POST', '/api/auth/oidc/exchange', {
      body: { code, code_verifier },
      headers: { 'user-agent': 'webxterm-desktop/1.0' },
    });

  async function handedCode(): Promise<string | null> {
    return (await confirm(await browser.open(beginFor()))).searchParams.get('code');
  }

  it('is signed in once the person confirms, by a code that is exchanged for the answer', async () => {
    const account = await backend.signUp();
    const { login } = atGithub(account.email);
    const page = await browser.open(beginFor());
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.text).toContain(login);
    expect(page.text).not.toContain('<script');
    const handed = await confirm(page);
    expect(`${handed.origin}${handed.pathname}`).toBe(app.redirect_uri);
    expect(handed.searchParams.get('state')).toBe(app.state);
    const { token, user } = signedIn.parse((await exchange(handed.searchParams.get('code'))).body);
    expect(user.username).toBe(account.username);
    expect(decodeJwt(token)['source']).toBe('desktop');
  });

  it('gets a code that works once, for a minute, and with its own verifier only', async () => {
    atGithub((await backend.signUp()).email);
    const dead = { status: 401, body: { code: 'flow-dead' } };
    const used = await handedCode();
    expect((await exchange(used)).status).toBe(200);
    expect(await exchange(used)).toMatchObject(dead);
    const late = await handedCode();
    clock.ahead += 61_000;
    expect(await exchange(late)).toMatchObject(dead);
    const stolen = await handedCode();
    expect(await exchange(stolen, randomBytes(32).toString('base64url'))).toMatchObject(dead);
    expect(await exchange(stolen)).toMatchObject(dead);
  });

  it('is signed in by nobody once two began for it: who saw its link may have, and be somebody else', async () => {
    atGithub((await backend.signUp()).email);
    const link = beginFor();
    const page = await browser.open(link);
    const stranger = openBrowser();
    for (let i = 0; i < 2; i++) {
      const { url } = await stranger.open(link, isApp);
      expect(Object.fromEntries(new URL(url).searchParams)).toEqual({ error: 'flow-dead', state: app.state });
    }
    const code = (await confirm(page)).searchParams.get('code');
    expect(await exchange(code)).toMatchObject({ status: 401, body: { code: 'flow-dead' } });
  });

  it('gets nothing without the press of the button, in this very browser', async () => {
    atGithub((await backend.signUp()).email);
    const page = await browser.open(beginFor());
    const stranger = openBrowser();
    const [, href = ''] = /<a href="([^"]+)"/.exec(page.text) ?? [];
    expect(codeOf(await stranger.open(new URL(href, backend.url).href))).toBe('flow-dead');
    const guessed = await browser.open(`${backend.url}/api/auth/oidc/confirm?proof=guess`);
    expect(codeOf(guessed)).toBe('flow-dead');
    expect((await confirm(page)).searchParams.has('code')).toBe(true);
    expect(codeOf(await browser.open(new URL(href, backend.url).href))).toBe('flow-dead');
  });

  it('is told by its own address why nobody was signed in', async () => {
    atGithub('nobody-here@example.test');
    const { url } = await browser.open(beginFor(), isApp);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({ error: 'account-unknown', state: app.state });
  });

  it.each([
    ['another host', 'http://192.0.2.1:54321/callback'],
    ['a host that only looks like it', 'http://127.0.0.1.evil.example:54321/callback'],
    ['somebody before the host', 'http://evil@127.0.0.1:54321/callback'],
    ['a name', 'http://localhost:54321/callback'],
    ['another path', 'http://127.0.0.1:54321/steal'],
    ['another scheme', 'https://127.0.0.1:54321/callback'],
    ['no port', 'http://127.0.0.1/callback'],
    ['a port that is none', 'http://127.0.0.1:99999/callback'],
    ['more behind', 'http://127.0.0.1:54321/callback?x'],
  ])('is on this computer only: %s is refused', async (_what, redirect_uri) => {
    const answer = await backend.request('GET', new URL(beginFor({ redirect_uri })).href.slice(backend.url.length));
    expect(answer).toMatchObject({ status: 400, body: { fields: [{ path: 'redirect_uri' }] } });
  });

  it('may listen at IPv6’s loopback, and has to say everything', async () => {
    const six = await backend.request(
      'GET',
      beginFor({ redirect_uri: 'http://[::1]:1/callback' }).slice(backend.url.length),
    );
    expect(six.status).toBe(302);
    const bare = await backend.request('GET', '/api/auth/oidc/github?client=desktop');
    expect(bare).toMatchObject({
      status: 400,
      body: { fields: [{ path: 'redirect_uri' }, { path: 'state' }, { path: 'code_challenge' }] },
    });
  });
});
