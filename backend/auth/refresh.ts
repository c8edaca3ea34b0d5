/** Keeping a sign-in going with a newer token. */
import type { auth } from '../../protocol/api/auth.ts';
import type { Input, Outcome } from '../../protocol/api/row.ts';
import type { Bus } from '../bus/bus.ts';
import type { Visitor } from '../gateway/caller.ts';
import { withGroups } from '../store/group-names.ts';
import type { PlatformStore } from '../store/store.ts';
import { isOver, provenAccount } from './accounts.ts';
import { actsIn } from './acting.ts';
import { accountActor } from './actor.ts';
import { bearer } from './sign-in.ts';
import { standing } from './standing.ts';
import type { Tokens } from './tokens.ts';

export interface RefreshParts {
  readonly platform: PlatformStore;
  readonly tokens: Tokens;
  readonly bus: Bus;
  readonly now: () => number;
}
type Refresh = (typeof auth)['refresh'];

const REVOKED = { refuse: { code: 'token-revoked' } } as const;

/** The new token is of the same sign-in; the old one serves until it expires. */
export async function refresh(
  parts: RefreshParts,
  { body }: Input<Refresh>,
  visitor: Visitor,
): Promise<Outcome<Refresh>> {
  const { platform, tokens, bus, now } = parts;
  const checked = await tokens.check(body.token);
  if (!checked.ok) return { refuse: { code: checked.code } };
  const { sid, user_id, organization_id } = checked.claims;
  const expiresAt = new Date(now() + tokens.lifetimeS * 1000).toISOString();

  const written = await platform.write(async (tx) => {
    const account = await provenAccount(tx, sid, user_id);
    if (!account || isOver(account)) return REVOKED;
    if (['disabled', 'organization-disabled'].includes(standing(account, now()))) return REVOKED;
    const acting = await actsIn(tx, account, organization_id);
    if (!acting) return REVOKED;
    await tx.updateTable('sign_ins').set({ expires_at: expiresAt }).where('id', '=', sid).execute();
    // Whoever stays signed in uses the account: it is not idle when a password is asked for again.
    const usedAt = new Date(now()).toISOString();
    await tx.updateTable('users').set({ last_login_at: usedAt }).where('id', '=', account.id).execute();
    const audit = { action: 'token_refresh', resource: account.id, detail: { sign_in_id: sid } };
    const whose = { organizationId: account.organization_id, actor: accountActor(account, visitor) };
    return { value: { ...account, ...acting }, audit: { ...audit, ...whose } };
  });
  if ('refuse' in written) return written;
  bus.publish('sign-in.extended', { signInId: sid, expiresAt });
  const account = await withGroups(platform.read, written.value);
  const token = await tokens.sign(bearer(account, account.source, sid));
  return { status: 200, body: { token, expires_in: tokens.lifetimeS } };
}
