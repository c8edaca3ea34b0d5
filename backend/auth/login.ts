/** Signing in with email and password: which accounts it opens, and what is answered for none, one or several. */
import type { CodeWanted, LoginAnswer, SignedIn } from '../../protocol/api/auth.ts';
import type { Refusal } from '../../protocol/api/row.ts';
import { limitedBy } from '../gateway/address.ts';
import type { Visitor } from '../gateway/caller.ts';
import { PLATFORM, type Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { admit, forget, takeBack } from '../store/throttle.ts';
import { accountsByEmail, mostTold, type AccountRow } from './accounts.ts';
import { accountActor, visitorActor } from './actor.ts';
import type { Passwords, Credentials } from './passwords.ts';
import { standing } from './standing.ts';
import { codeOrToken, enter, type StepParts } from './step.ts';
import { atHome } from './tenants.ts';
import { notUsable } from './unusable.ts';

export interface LoginParts extends StepParts {
  readonly passwords: Passwords;
  /** Waits until a refused pair may be answered. */
  readonly evenOut: (startedAt: number) => Promise<void>;
  readonly monotonic: () => number;
}
type Refused = { readonly refuse: Refusal };
type Answered = { readonly status: 200; readonly body: LoginAnswer } | Refused;

export async function login(parts: LoginParts, attempt: Credentials, visitor: Visitor): Promise<Answered> {
  const startedAt = parts.monotonic();
  const admitted = await admit(parts.platform, countedAs(attempt.email, visitor), parts.now());
  if (!admitted.ok) return { refuse: { code: 'slow-down', retryAfterS: admitted.retryAfterS } };

  const accounts = await accountsByEmail(parts.platform.read, attempt.email);
  const proven = await provenBy(parts.passwords, attempt, accounts);
  if (proven === 'busy') return { refuse: { code: 'slow-down', retryAfterS: 1 } };
  const [first, ...more] = proven;
  if (!first) {
    const refused = await wrongPair(parts, attempt.email, { accounts, visitor, waitS: admitted.waitS });
    await parts.evenOut(startedAt);
    return refused;
  }
  const [only, ...others] = proven.filter((account) => standing(account, parts.now()) === 'good');
  if (!only) return notUsable(parts, [first, ...more], visitor);
  return enter<CodeWanted | SignedIn>(parts, {
    accounts: [only, ...others],
    proof: 'password',
    visitor,
    by: { by: 'password' },
    single: (account, entering) => codeOrToken(parts, atHome(account), entering),
    also: async (tx) => {
      await forgive(tx, countedAs(attempt.email, visitor), proven.length === accounts.length);
      return [];
    },
  });
}

function countedAs(email: string, { address }: Visitor) {
  return { account: email, address: limitedBy(address) };
}

/**
 * The password was right. Of the address only this try is forgotten: whoever guesses from there goes on waiting. Of the account all
 * are, but where the email has another account with another password: that one may be what the others guessed at.
 */
async function forgive(
  tx: Writes<Tables>,
  { account, address }: ReturnType<typeof countedAs>,
  isOfAll: boolean,
): Promise<void> {
  await (isOfAll ? forget(tx, { account }) : takeBack(tx, { account }));
  await takeBack(tx, { address });
}

/** The accounts whose own password it is. */
async function provenBy(
  passwords: Passwords,
  typed: Credentials,
  accounts: readonly AccountRow[],
): Promise<readonly AccountRow[] | 'busy'> {
  const stored = accounts.map(({ password_hash }) => password_hash);
  const checked = await passwords.verify(typed, stored);
  if (!checked.ok) return checked.code;
  const right = new Set(checked.right);
  return accounts.filter(({ password_hash }) => right.has(password_hash));
}

/** The organizations that have such an account learn of it; the platform, where there is none. */
async function wrongPair(
  { platform }: LoginParts,
  email: string,
  { accounts, visitor, waitS }: { accounts: readonly AccountRow[]; visitor: Visitor; waitS: number },
): Promise<Refused> {
  const failed = {
    action: 'login_failed',
    status: 'failure',
    detail: { email, ...(waitS > 0 && { next_try_in_s: waitS }) },
  } as const;
  const nobody = { ...failed, organizationId: PLATFORM.id, actor: visitorActor(visitor) };
  const [audit = nobody, ...alsoAudit] = mostTold(accounts).map((account) => ({
    ...failed,
    resource: account.id,
    organizationId: account.organization_id,
    actor: accountActor(account, visitor),
  }));
  await platform.write(() => Promise.resolve({ value: null, audit, alsoAudit }));
  return { refuse: { code: 'wrong-credentials' } };
}
