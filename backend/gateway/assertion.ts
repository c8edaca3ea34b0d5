/**
 * What the auth service vouches for when it hands a request on: who asks and from where, for this one request. Signed with a
 * key that both services derive from their common secret; good once, and for a minute.
 */
import { createHash, hkdfSync } from 'node:crypto';
import { SignJWT, jwtVerify } from 'jose';
import { z } from 'zod';
import { objectId, source } from '../../protocol/api/values.ts';
import type { Visitor } from './caller.ts';
import type { Knock } from './door.ts';
import type { Bearer } from './identify.ts';

export const ASSERTION = 'x-webxterm-assertion';
const AUTH = 'vsay-auth';
const MACHINES = 'vsay-machine-backend';
const ALGORITHM = 'HS256';
const LIFETIME_S = 55;
/** By so much the clocks of the two may differ: with the lifetime, a minute. */
const CLOCKS_S = 5;

/** Who asks, in which organization, as the auth service found it. `bearer` null: nobody who is signed in. */
export interface Vouched {
  readonly bearer: Bearer | null;
  readonly visitor: Omit<Visitor, 'userAgent'>;
}
type Wanted = Pick<Knock, 'method' | 'target'>;

const claims = z.object({
  jti: z.uuid(),
  exp: z.int(),
  method: z.string(),
  target: z.string(),
  bearer: z.object({ sid: z.uuid(), user_id: objectId, organization_id: objectId }).nullable(),
  source,
  address: z.string(),
  host: z.string(),
});

export interface AssertionParts {
  /** The secret that signs tokens. */
  readonly secret: string;
  readonly now: () => number;
}

/** The auth service's half. */
export interface Voucher {
  sign(vouched: Vouched, wanted: Wanted): Promise<string>;
  /** Whether whoever answered the request of this id knows the key too. */
  isProof(proof: string, requestId: string): Promise<boolean>;
}
export function createVoucher({ secret, now }: AssertionParts): Voucher {
  const key = keyOf(secret);
  return {
    sign: async ({ bearer, visitor }, { method, target }) =>
      signed(key, now, {
        iss: AUTH,
        aud: MACHINES,
        jti: visitor.requestId,
        method,
        target: digest(target),
        bearer,
        source: visitor.source,
        address: visitor.address,
        host: visitor.host,
      }),
    isProof: async (proof, requestId) => {
      const payload = await verified(key, now, proof, { issuer: MACHINES, audience: AUTH });
      return z.object({ jti: z.literal(requestId) }).safeParse(payload).success;
    },
  };
}

/** The machine service's half. */
export interface Verifier {
  /** Null: not vouched for, or for another request, or not any more, or once already. */
  check(assertion: string, wanted: Wanted): Promise<Vouched | null>;
  prove(requestId: string): Promise<string>;
}
export function createVerifier({ secret, now }: AssertionParts): Verifier {
  const key = keyOf(secret);
  const used = createUsed(now);
  return {
    async check(assertion, { method, target }) {
      const payload = await verified(key, now, assertion, { issuer: AUTH, audience: MACHINES });
      const parsed = claims.safeParse(payload);
      if (!parsed.success) return null;
      const { bearer, ...told } = parsed.data;
      if (told.method !== method || told.target !== digest(target)) return null;
      if (!used.first(told.jti, told.exp + CLOCKS_S)) return null;
      return {
        bearer,
        visitor: { requestId: told.jti, address: told.address, source: told.source, host: told.host },
      };
    },
    prove: async (requestId) => signed(key, now, { iss: MACHINES, aud: AUTH, jti: requestId }),
  };
}

/** A key of its own: an assertion can never pass for a token, nor the other way round. */
function keyOf(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'between-the-services', 32));
}

/** An address may be as long as all headers together, and would be told twice. */
function digest(target: string): string {
  return createHash('sha256').update(target).digest('base64url');
}

async function signed(key: Uint8Array, now: () => number, payload: Record<string, unknown>): Promise<string> {
  const at = Math.floor(now() / 1000);
  return new SignJWT(payload)
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuedAt(at)
    .setExpirationTime(at + LIFETIME_S)
    .sign(key);
}

async function verified(
  key: Uint8Array,
  now: () => number,
  token: string,
  by: { readonly issuer: string; readonly audience: string },
): Promise<unknown> {
  const checks = { algorithms: [ALGORITHM], currentDate: new Date(now()), clockTolerance: CLOCKS_S };
  return jwtVerify(token, key, { ...by, ...checks, maxTokenAge: LIFETIME_S }).then(
    ({ payload }) => payload,
    () => null,
  );
}

/** Which ids came already, each kept until its assertion is too old anyway. */
function createUsed(now: () => number) {
  const used = new Map<string, number>();
  return {
    first(id: string, untilS: number): boolean {
      const atS = now() / 1000;
      // In the order in which they came, which is nearly that in which they end.
      for (const [old, until] of used) {
        if (until >= atS) break;
        used.delete(old);
      }
      if (used.has(id)) return false;
      used.set(id, untilS);
      return true;
    },
  };
}
