/** Tokens: the Bearer token of the contract, and the short-lived session token of a sign-in that is not finished. */
import { hkdfSync } from 'node:crypto';
import { SignJWT, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { objectId, portalRole, source } from '../../protocol/api/values.ts';
import { machineRole } from '../../protocol/wire/control.ts';

const ISSUER = 'vsay-auth';
const ALGORITHM = 'HS256';
/** Seconds a session token serves. */
const SESSION_TOKEN_S = 600;

const person = z.object({
  user_id: objectId,
  username: z.string(),
  email: z.string(),
  tenant_id: z.string(),
  tenant_name: z.string(),
  /** Ours: of the organization it acts in. Its name, `tenant_id`, may be another's by now. */
  organization_id: objectId,
  role: portalRole,
  machine_role: machineRole,
  groups: z.array(z.string()),
  source,
  sid: z.uuid(),
});
/** What a token says of its bearer. For clients to read: the backend itself believes `user_id` and `sid`, and of a super admin `organization_id`. */
export type Person = z.infer<typeof person>;
const claims = person.extend({ jti: z.string(), iat: z.int(), exp: z.int() });
export type Claims = z.infer<typeof claims>;
const sessionClaims = z.object({ sid: z.uuid(), purpose: z.enum(['select-tenant', 'verify-otp']) });
/** What a session token may be used for: one thing. */
export type SessionPurpose = z.infer<typeof sessionClaims>['purpose'];

export type Checked<T> =
  { readonly ok: true; readonly claims: T } | { readonly ok: false; readonly code: 'token-invalid' | 'token-expired' };

export interface Tokens {
  /** Seconds a token lives. */
  readonly lifetimeS: number;
  sign(person: Person): Promise<string>;
  check(token: string): Promise<Checked<Claims>>;
  signSession(sid: string, purpose: SessionPurpose): Promise<string>;
  checkSession(token: string, purpose: SessionPurpose): Promise<Checked<{ readonly sid: string }>>;
}

export interface TokenParts {
  readonly secret: string;
  readonly lifetimeS: number;
  readonly now: () => number;
  readonly newUuid: () => string;
}

export function createTokens({ secret, lifetimeS, now, newUuid }: TokenParts): Tokens {
  const key = new TextEncoder().encode(secret);
  // A key of its own: a session token can never pass for a Bearer token, nor the other way round.
  const sessionKey = new Uint8Array(hkdfSync('sha256', key, '', 'session-token', 32));
  const issue = (payload: Record<string, unknown>, seconds: number, signingKey: Uint8Array): Promise<string> => {
    const at = Math.floor(now() / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setIssuer(ISSUER)
      .setJti(newUuid())
      .setIssuedAt(at)
      .setExpirationTime(at + seconds)
      .sign(signingKey);
  };
  const verify = (token: string, signingKey: Uint8Array): Promise<Checked<unknown>> =>
    jwtVerify(token, signingKey, { algorithms: [ALGORITHM], issuer: ISSUER, currentDate: new Date(now()) }).then(
      ({ payload }) => ({ ok: true, claims: payload }),
      (error: unknown) => ({ ok: false, code: error instanceof errors.JWTExpired ? 'token-expired' : 'token-invalid' }),
    );
  return {
    lifetimeS,
    sign: (bearer) => issue({ ...bearer }, lifetimeS, key),
    check: async (token) => parsed(await verify(token, key), claims),
    signSession: (sid, purpose) => issue({ sid, purpose }, SESSION_TOKEN_S, sessionKey),
    checkSession: async (token, purpose) =>
      parsed(await verify(token, sessionKey), sessionClaims.extend({ purpose: z.literal(purpose) })),
  };
}

function parsed<T>(checked: Checked<unknown>, schema: z.ZodType<T>): Checked<T> {
  if (!checked.ok) return checked;
  const known = schema.safeParse(checked.claims);
  return known.success ? { ok: true, claims: known.data } : { ok: false, code: 'token-invalid' };
}
