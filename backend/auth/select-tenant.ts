/** Choosing an organization: to finish a sign-in that has proven several accounts, or to switch to another of them later. */
import type { auth, CodeWanted, SignedIn } from '../../protocol/api/auth.ts';
import type { Input, Outcome } from '../../protocol/api/row.ts';
import type { Guest } from '../gateway/caller.ts';
import type { Refused } from '../store/store.ts';
import { isOver, provenAccounts } from './accounts.ts';
import { openSignIn, signInByToken } from './open-sign-in.ts';
import { standing } from './standing.ts';
import { codeOrToken, take, tokenStep, type StepParts } from './step.ts';
import { destinationOf } from './tenants.ts';
import { notUsable } from './unusable.ts';

type Row = (typeof auth)['selectTenant'];

export async function selectTenant(parts: StepParts, { body }: Input<Row>, guest: Guest): Promise<Outcome<Row>> {
  const { platform, now } = parts;
  const { member, ...visitor } = guest;
  const opened = await signInOf(parts, body.session_token, member?.signInId);
  if ('refuse' in opened) return opened;
  const { sid, proof, signedInAt } = opened;

  const accounts = await provenAccounts(platform.read, sid);
  const to = await destinationOf(platform.read, accounts, body.tenant_id, now());
  if (!to) return { refuse: { code: 'not-found' } };
  if (standing(to.account, now()) !== 'good') return notUsable(parts, [to.account], visitor);
  if (isOver({ revoked_at: null, signed_in_at: signedInAt, enabled_at: to.account.enabled_at })) return REVOKED;
  const entering = { sid, visitor, by: { by: 'select-tenant' } };
  const step = proof === 'email' ? tokenStep(parts, to, entering) : await codeOrToken(parts, to, entering);
  return take<CodeWanted | SignedIn>(parts, step, async (tx) => {
    const still = await openSignIn(tx, sid, now());
    return 'refuse' in still ? still : [];
  });
}

/** The session token goes first: whoever sends it means that sign-in. */
async function signInOf(
  parts: StepParts,
  sessionToken: string | undefined,
  bearerSid: string | undefined,
): ReturnType<typeof openSignIn> {
  if (sessionToken !== undefined) return signInByToken(parts, sessionToken, 'select-tenant');
  if (bearerSid === undefined) return NOT_SIGNED_IN;
  return openSignIn(parts.platform.read, bearerSid, parts.now());
}

const REVOKED: Refused = { refuse: { code: 'token-revoked' } };
const NOT_SIGNED_IN: Refused = { refuse: { code: 'not-signed-in' } };
