import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { codeWanted, organizationWanted, signedIn, type CodeWanted } from '../../protocol/api/auth.ts';
import { startBackend, type Account, type Answered, type Backend } from './backend.ts';
import { startMailbox, type Mailbox } from './mailbox.ts';
import { auditOf } from './people.ts';
import { otherThan, signInSteps, type Asking, type Steps } from './sign-in-steps.ts';

const minute = 60_000;
const clock = { ahead: 0 };
let mailbox: Mailbox;
let backend: Backend;
let steps: Steps;
beforeAll(async () => {
  mailbox = await startMailbox();
  const environment = { TRUSTED_PROXIES: '127.0.0.1', ...mailbox.environment };
  backend = await startBackend({ clock, environment });
  steps = signInSteps(backend);
});
afterAll(async () => {
  await backend[Symbol.asyncDispose]();
  await mailbox[Symbol.asyncDispose]();
});

/** Its password was right: a code was mailed. */
async function challenged(account: Account, asking?: Asking): Promise<CodeWanted & { code: string }> {
  const answer = await steps.login(account, asking);
  return { ...codeWanted.parse(answer.body), code: mailbox.codeFor(account.email) };
}
const answerTo = ({ username, session_token }: CodeWanted, otp_code: string, asking?: Asking) =>
  steps.verify({ username, session_token, otp_code }, asking);
const withoutId = ({ status, body }: Answered) => ({ status, ...z.looseObject({}).parse(body), request_id: '' });
/** Of one email. */
async function twoOf(wish: Partial<Account> = {}) {
  const here = await backend.signUp();
  return { here, there: await backend.signUp({ email: here.email, password: here.password, ...wish }) };
}
const me = (token: string) => backend.request('GET', '/api/users/me', { token });

describe('a code by mail', () => {
  it('is asked for after the password, and then signs in', async () => {
    const account = await backend.signUp();
    const wanted = await challenged(account);
    expect(wanted).toMatchObject({
      requires_otp: true,
      username: account.username,
      tenants: [{ tenant_id: account.organization }],
      otp_expires_in_min: 10,
    });
    const { token, user, available_tenants } = signedIn.parse((await answerTo(wanted, wanted.code)).body);
    expect(user).toMatchObject({ username: account.username, email_verified: true });
    expect(available_tenants).toMatchObject([{ tenant_id: account.organization }]);
    expect((await me(token)).status).toBe(200);
  });

  it('comes as text and as HTML, and says from where and when it was asked for', async () => {
    const account = await backend.signUp();
    const { code } = await challenged(account, { address: '192.0.2.44', userAgent: 'webxterm-desktop/1.0' });
    const mail = mailbox.mailsTo(account.email).at(-1);
    expect(mail?.from).toMatchObject({ name: 'WebXTerm', address: 'terminals@example.test' });
    for (const part of [mail?.text, mail?.html])
      for (const said of [code, '192.0.2.44', 'the desktop app', account.organization, 'by phone'])
        expect(part).toContain(said);
    expect(mail?.subject).not.toContain(code);
  });

  it('is kept as a hash that gives nothing away, and stands in no log', async () => {
    const { code } = await challenged(await backend.signUp());
    const rows = await backend.store.platform.read.selectFrom('otp_challenges').selectAll().execute();
    expect(rows.at(-1)?.code_hash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(rows)).not.toContain(`"${code}"`);
    expect(backend.logged.join('')).not.toContain(code);
  });

  it('cannot be skipped by any client, whatever it says it is', async () => {
    const account = await backend.signUp();
    for (const userAgent of ['curl/8', 'vscode', 'Mozilla/5.0', 'webxterm-desktop/1.0']) {
      const answer = await backend.request('POST', '/api/auth/login?source=cli', {
        body: { email: account.email, password: account.password, source: 'cli' },
        headers: { 'user-agent': userAgent, 'x-forwarded-for': `10.9.0.${userAgent.length}` },
      });
      expect(answer.body).toMatchObject({ requires_otp: true });
      clock.ahead += 20 * minute;
    }
  });

  it('dies after five tries, however many come at once', async () => {
    const wanted = await challenged(await backend.signUp());
    const wrong = otherThan(wanted.code);
    const tries = await Promise.all(Array.from({ length: 5 }, () => answerTo(wanted, wrong)));
    for (const answer of tries) expect(answer).toMatchObject({ status: 401, body: { code: 'code-wrong' } });
    expect(await answerTo(wanted, wanted.code)).toMatchObject({ status: 401, body: { code: 'code-expired' } });
  });

  it('lets no crowd of guesses through together', async () => {
    const wanted = await challenged(await backend.signUp());
    const wrong = otherThan(wanted.code);
    const answers = await Promise.all(Array.from({ length: 30 }, () => answerTo(wanted, wrong)));
    const codes = answers.map(({ body }) => JSON.stringify(body));
    expect(codes.filter((body) => body.includes('code-wrong'))).toHaveLength(5);
    expect(codes.filter((body) => body.includes('slow-down')).length).toBeGreaterThan(20);
  });

  it('dies after ten minutes', async () => {
    const wanted = await challenged(await backend.signUp());
    clock.ahead += 10 * minute + 1000;
    expect(await answerTo(wanted, wanted.code)).toMatchObject({ status: 401, body: { code: 'token-expired' } });
    const { username, code } = wanted;
    expect(await steps.verify({ username, otp_code: code })).toMatchObject({ body: { code: 'code-wrong' } });
  });

  it('works once, also of two at once', async () => {
    const wanted = await challenged(await backend.signUp());
    const both = await Promise.all([answerTo(wanted, wanted.code), answerTo(wanted, wanted.code)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect(await answerTo(wanted, wanted.code)).toMatchObject({ status: 401, body: { code: 'code-expired' } });
  });

  it('is of its own sign-in: another’s session token does not take it', async () => {
    const [one, two] = [await challenged(await backend.signUp()), await challenged(await backend.signUp())];
    const { username, code } = one;
    const crossed = await steps.verify({ username, otp_code: code, session_token: two.session_token });
    expect(crossed).toMatchObject({ status: 401, body: { code: 'code-wrong' } });
    expect((await answerTo(one, code)).status).toBe(200);
  });

  it('without the session token is taken only from where the password came', async () => {
    const account = await backend.signUp();
    const here = { address: '192.0.2.51', userAgent: 'a client of the published contract' };
    const { username, code } = await challenged(account, here);
    const body = { username: username.toUpperCase(), otp_code: code };
    for (const elsewhere of [
      { ...here, address: '192.0.2.52' },
      { ...here, userAgent: 'another' },
    ])
      expect(await steps.verify(body, elsewhere)).toMatchObject({ status: 401, body: { code: 'code-wrong' } });
    expect((await steps.verify(body, here)).status).toBe(200);
  });

  it('cannot be burnt or locked by somebody elsewhere who knows the user name only', async () => {
    const wanted = await challenged(await backend.signUp());
    for (let i = 0; i < 12; i++)
      expect((await steps.verify({ username: wanted.username, otp_code: otherThan(wanted.code) })).status).toBe(401);
    expect((await answerTo(wanted, wanted.code)).status).toBe(200);
  });

  it('cannot be burnt or locked without the session token, even from the same client at the same address', async () => {
    const here = { address: '192.0.2.53', userAgent: 'the browser that everybody has' };
    const wanted = await challenged(await backend.signUp(), here);
    const { username, code } = wanted;
    const byName = (otp_code: string) => steps.verify({ username, otp_code }, here);
    for (let i = 0; i < 5; i++) expect(await byName(otherThan(code))).toMatchObject({ body: { code: 'code-wrong' } });
    expect(await byName(code)).toMatchObject({ status: 401, body: { code: 'code-expired' } });
    expect((await answerTo(wanted, code, here)).status).toBe(200);
  });

  it('answers an unknown user name like a wrong code', async () => {
    const wanted = await challenged(await backend.signUp());
    const unknown = await steps.verify({ username: 'nobody-of-that-name', otp_code: '000000' });
    expect(withoutId(unknown)).toEqual(withoutId(await answerTo(wanted, otherThan(wanted.code))));
  });

  it('is throttled by account, over all its challenges', async () => {
    const account = await backend.signUp();
    const first = await challenged(account);
    for (let i = 0; i < 5; i++) await answerTo(first, otherThan(first.code));
    const second = await challenged(account);
    expect((await answerTo(second, otherThan(second.code))).status).toBe(401);
    const slowed = await answerTo(second, second.code);
    expect(slowed).toMatchObject({ status: 429, body: { code: 'slow-down' } });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    clock.ahead += 2000;
    expect((await answerTo(second, second.code)).status).toBe(200);
    const failed = (await auditOf(backend, account.organization)).filter(({ action }) => action === 'otp_failed');
    expect(failed).toHaveLength(6);
    expect(failed.at(-1)).toMatchObject({
      status: 'failure',
      username: account.username,
      detail: { next_try_in_s: 1 },
    });
  });

  it('is no Bearer token, and its session token serves nothing else', async () => {
    const account = await backend.signUp();
    const { session_token } = await challenged(account);
    const invalid = { status: 401, body: { code: 'token-invalid' } };
    expect(await me(session_token)).toMatchObject(invalid);
    expect(await steps.choose({ session_token, tenant_id: account.organization })).toMatchObject(invalid);
    const refreshed = await backend.request('POST', '/api/auth/refresh', { body: { token: session_token } });
    expect(refreshed).toMatchObject(invalid);
  });

  it('of an account that was disabled meanwhile signs nobody in', async () => {
    const account = await backend.signUp();
    const wanted = await challenged(account);
    await backend.store.platform.upkeep((tx) =>
      tx
        .updateTable('users')
        .set({ disabled_at: new Date().toISOString() })
        .where('username', '=', account.username)
        .execute(),
    );
    expect(await answerTo(wanted, wanted.code)).toMatchObject({ status: 403, body: { code: 'account-disabled' } });
  });
});

describe('another code', () => {
  it('takes the place of the one before', async () => {
    const account = await backend.signUp();
    const first = await challenged(account);
    const again = codeWanted.parse((await steps.resend(first.session_token)).body);
    const newest = mailbox.codeFor(account.email);
    expect(mailbox.mailsTo(account.email)).toHaveLength(2);
    if (newest !== first.code) expect((await answerTo(again, first.code)).status).toBe(401);
    expect((await answerTo(again, newest)).status).toBe(200);
    expect(await steps.resend(again.session_token)).toMatchObject({ status: 401, body: { code: 'code-expired' } });
  });

  it('is sent a few times, then slowly: nobody’s mailbox is filled', async () => {
    const account = await backend.signUp();
    const { session_token } = await challenged(account);
    for (let i = 0; i < 2; i++) expect((await steps.resend(session_token)).status).toBe(200);
    const slowed = await steps.resend(session_token);
    expect(slowed).toMatchObject({ status: 429, body: { code: 'slow-down' } });
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(20);
    // Nor by signing in again and again.
    expect((await steps.login(account)).status).toBe(429);
    expect(mailbox.mailsTo(account.email)).toHaveLength(3);
  });

  it('that cannot be sent is said, logged and noted', async () => {
    const account = await backend.signUp();
    mailbox.state.refuses = true;
    try {
      expect(await steps.login(account)).toMatchObject({ status: 503, body: { code: 'mail-failed' } });
    } finally {
      mailbox.state.refuses = false;
    }
    expect(backend.logged.some((line) => line.includes('could not be sent'))).toBe(true);
    const actions = (await auditOf(backend, account.organization)).map(({ action }) => action);
    expect(actions).toEqual(['signup', 'otp_challenge', 'otp_mail_failed']);
    const wanted = await challenged(account);
    expect((await answerTo(wanted, wanted.code)).status).toBe(200);
  });

  it('says so too when no mail server is there', async () => {
    const environment = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'terminals@example.test' };
    await using alone = await startBackend({ environment });
    const { email, password } = await alone.signUp();
    const answer = await alone.request('POST', '/api/auth/login', { body: { email, password } });
    expect(answer).toMatchObject({ status: 503, body: { code: 'mail-failed' } });
  });
});

describe('several organizations', () => {
  it('are asked for first, the code after: one code, to one mailbox', async () => {
    const { here, there } = await twoOf();
    const { session_token, tenants } = organizationWanted.parse((await steps.login(here)).body);
    expect(new Set(tenants.map(({ tenant_id }) => tenant_id))).toEqual(
      new Set([here.organization, there.organization]),
    );
    expect(mailbox.mailsTo(here.email)).toHaveLength(0);
    const wanted = codeWanted.parse((await steps.choose({ session_token, tenant_id: there.organization })).body);
    expect(wanted).toMatchObject({ username: there.username, tenants: [{ tenant_id: there.organization }] });
    const { user } = signedIn.parse((await answerTo(wanted, mailbox.codeFor(here.email))).body);
    expect(user).toMatchObject({ username: there.username, tenant_id: there.organization });
  });

  it('are all reached once the mailbox is proven, also with another password', async () => {
    const { here, there } = await twoOf({ password: 'quite another password' });
    const wanted = await challenged(here);
    const first = signedIn.parse((await answerTo(wanted, wanted.code)).body);
    expect(new Set(first.available_tenants.map(({ tenant_id }) => tenant_id))).toEqual(
      new Set([here.organization, there.organization]),
    );
    const switched = signedIn.parse(
      (await steps.choose({ tenant_id: there.organization }, { token: first.token })).body,
    );
    expect(switched.user.username).toBe(there.username);
    expect(decodeJwt(switched.token)['sid']).toBe(decodeJwt(first.token)['sid']);
    expect(mailbox.mailsTo(here.email)).toHaveLength(1);
  });

  it('of a stranger’s email stay shut: the code goes to the owner of the mailbox', async () => {
    const victim = await backend.signUp();
    const intruder = await backend.signUp({ email: victim.email, password: 'the intruder’s own' });
    const wanted = codeWanted.parse((await steps.login(intruder)).body);
    expect(wanted.tenants.map(({ tenant_id }) => tenant_id)).toEqual([intruder.organization]);
    expect(mailbox.mailsTo(victim.email)).toHaveLength(1);
    expect((await answerTo(wanted, otherThan(mailbox.codeFor(victim.email)))).status).toBe(401);
  });
});

describe('OTP=ui', () => {
  it('asks people at a window only, and proves no mailbox to who says it is none', async () => {
    const environment = { TRUSTED_PROXIES: '127.0.0.1', OTP: 'ui', ...mailbox.environment };
    await using lax = await startBackend({ environment });
    const lightly = signInSteps(lax);
    const victim = await lax.signUp();
    const intruder = await lax.signUp({ email: victim.email, password: 'the intruder’s own' });
    for (const userAgent of ['Mozilla/5.0', 'webxterm-desktop/1.0'])
      expect((await lightly.login(victim, { userAgent })).body).toMatchObject({ requires_otp: true });
    const { token, user, available_tenants } = signedIn.parse(
      (await lightly.login(intruder, { userAgent: 'curl/8' })).body,
    );
    expect(user.email_verified).toBe(false);
    expect(available_tenants.map(({ tenant_id }) => tenant_id)).toEqual([intruder.organization]);
    expect(await lightly.choose({ tenant_id: victim.organization }, { token })).toMatchObject({ status: 404 });
  });
});

describe('the ways to sign in', () => {
  it('say whether codes are asked for', async () => {
    expect((await backend.request('GET', '/api/auth/providers')).body).toEqual({
      password: true,
      microsoft: false,
      github: false,
      otp: true,
    });
    await using off = await startBackend({ environment: { ...mailbox.environment, OTP: 'off' } });
    expect((await off.request('GET', '/api/auth/providers')).body).toMatchObject({ otp: false });
    expect((await off.signIn(await off.signUp())).user.email_verified).toBe(false);
  });
});
