import { SignJWT, UnsecuredJWT, decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokens, type Person } from './tokens.ts';

const secret = 'a-secret-of-32-characters-or-more!';
const person: Person = {
  user_id: 'a'.repeat(24),
  username: 'ada',
  email: 'ada@example.test',
  tenant_id: 'acme',
  tenant_name: 'Acme',
  organization_id: 'b'.repeat(24),
  role: 'user',
  machine_role: 'non-sudo',
  groups: [],
  source: 'desktop',
  sid: '7f8f3c52-6b0e-4a3e-9b9a-1f1e0c0d0e0f',
};
const clock = { now: Date.UTC(2026, 0, 1) };
const make = (change: { secret?: string; lifetimeS?: number } = {}) =>
  createTokens({ secret, lifetimeS: 3600, now: () => clock.now, newUuid: () => crypto.randomUUID(), ...change });
const tokens = make();
const key = new TextEncoder().encode(secret);

function signed(change: Record<string, unknown>, alg = 'HS256'): Promise<string> {
  const at = clock.now / 1000;
  const claims = { ...person, jti: 'x', iss: 'vsay-auth', iat: at, exp: at + 60, ...change };
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(key);
}

describe('a token', () => {
  it('has the claims of the contract', async () => {
    const claims = decodeJwt(await tokens.sign(person));
    const at = clock.now / 1000;
    expect(claims).toMatchObject({ ...person, iss: 'vsay-auth', iat: at, exp: at + 3600 });
    expect(claims.jti).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is good until it expires', async () => {
    const token = await tokens.sign(person);
    expect(await tokens.check(token)).toMatchObject({ ok: true, claims: person });
    const later = createTokens({ secret, lifetimeS: 3600, now: () => clock.now + 3_600_000, newUuid: () => '' });
    expect(await later.check(token)).toEqual({ ok: false, code: 'token-expired' });
  });

  it.each([
    ['garbage', () => 'garbage'],
    ['nothing', () => ''],
    ['three dots', () => '...'],
    ['a token of another secret', () => make({ secret: `${secret}x` }).sign(person)],
    [
      'one that is not signed',
      () =>
        new UnsecuredJWT({ ...person, jti: 'x' }).setIssuer('vsay-auth').setIssuedAt(1).setExpirationTime(9e9).encode(),
    ],
    ['one signed by another algorithm', () => signed({}, 'HS512')],
    ['one of another issuer', () => signed({ iss: 'elsewhere' })],
    [
      'one without an expiry',
      () =>
        new SignJWT({ ...person, jti: 'x', iss: 'vsay-auth', iat: 1 }).setProtectedHeader({ alg: 'HS256' }).sign(key),
    ],
    ['one whose claims are not ours', () => signed({ sid: 'not-a-sign-in' })],
    ['one that was changed', async () => (await tokens.sign(person)).replace(/\.[^.]+\./, '.eyJ1c2VyX2lkIjoieCJ9.')],
    ['a session token', () => tokens.signSession(person.sid, 'select-tenant')],
  ])('is refused: %s', async (_what, forge) => {
    expect(await tokens.check(await forge())).toEqual({ ok: false, code: 'token-invalid' });
  });
});

describe('a session token', () => {
  it('serves its purpose for ten minutes', async () => {
    const token = await tokens.signSession(person.sid, 'select-tenant');
    expect(await tokens.checkSession(token, 'select-tenant')).toMatchObject({ ok: true, claims: { sid: person.sid } });
    const later = createTokens({ secret, lifetimeS: 3600, now: () => clock.now + 600_000, newUuid: () => '' });
    expect(await later.checkSession(token, 'select-tenant')).toEqual({ ok: false, code: 'token-expired' });
  });

  it('cannot be a Bearer token', async () => {
    expect(await tokens.checkSession(await tokens.sign(person), 'select-tenant')).toEqual({
      ok: false,
      code: 'token-invalid',
    });
  });
});
