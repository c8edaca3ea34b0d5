/** From a token to who calls. Its rights are read from the store on each request: what the token claims of them counts for nothing. */
import type { ErrorCode } from '../../protocol/api/errors.ts';
import { isOver, provenAccount } from '../auth/accounts.ts';
import { actsIn, type Acting } from '../auth/acting.ts';
import type { Claims, Tokens } from '../auth/tokens.ts';
import type { Store } from '../store/store.ts';
import type { Member, Visitor } from './caller.ts';

export type Identified =
  { readonly ok: true; readonly member: Member } | { readonly ok: false; readonly code: ErrorCode };
export type Identify = (token: string | null, visitor: Visitor) => Promise<Identified>;
/** What of a token's claims is believed; `organization_id` of a super admin only, as the one it selected. */
export type Bearer = Pick<Claims, 'sid' | 'user_id' | 'organization_id'>;
/** Who that is, and whether it still may come in. */
export type Recognize = (bearer: Bearer, visitor: Visitor) => Promise<Identified>;

type Stores = Pick<Store, 'platform' | 'organization'>;
export interface IdentifyParts {
  readonly tokens: Pick<Tokens, 'check'>;
  readonly store: Stores;
}

export function createIdentify({ tokens, store }: IdentifyParts): Identify {
  const recognize = createRecognize(store);
  return async (token, visitor) => {
    if (token === null) return { ok: false, code: 'not-signed-in' };
    const checked = await tokens.check(token);
    return checked.ok ? recognize(checked.claims, visitor) : checked;
  };
}

export function createRecognize(store: Stores): Recognize {
  return async ({ sid, user_id, organization_id }, visitor) => {
    const row = await provenAccount(store.platform.read, sid, user_id);
    if (!row || isOver(row)) return { ok: false, code: 'token-revoked' };
    if (row.organization_disabled_at !== null) return { ok: false, code: 'organization-disabled' };
    if (row.disabled_at !== null) return { ok: false, code: 'account-disabled' };
    const acting = await actsIn(store.platform.read, row, organization_id);
    if (!acting) return { ok: false, code: 'token-revoked' };
    return { ok: true, member: memberOf(row, acting, { store, visitor, sid }) };
  };
}

type Row = NonNullable<Awaited<ReturnType<typeof provenAccount>>>;
interface SignIn {
  readonly store: Stores;
  readonly visitor: Visitor;
  readonly sid: string;
}

function memberOf(row: Row, acting: Acting, { store, visitor, sid }: SignIn): Member {
  const home = store.organization(row.organization_id);
  const organization = acting.organization_id === home.id ? home : store.organization(acting.organization_id);
  const seen = organization.seenBy({ userId: row.id, role: row.role });
  const { address, userAgent, source } = visitor;
  const { first_name, last_name, email_verified_at, api_key_last4 } = row;
  const actor = { userId: row.id, username: row.username, address, userAgent, source };
  return {
    ...visitor,
    account: {
      id: row.id,
      username: row.username,
      email: row.email,
      role: row.role,
      machineRole: row.machine_role,
      organizationId: acting.organization_id,
      tenantId: acting.slug,
      tenantName: acting.display_name,
      profile: { first_name, last_name, email_verified_at, api_key_last4 },
    },
    signInId: sid,
    signInExpiresAt: new Date(row.expires_at),
    actor,
    home,
    organization,
    read: seen.read,
    write: (work) => seen.write(actor, work),
  };
}
