/** Signing in with email and password: which accounts it opens, and what is answered for none, one or several. */
import type { LoginAnswer } from '../../protocol/api/auth.ts';
import type { Refusal } from '../../protocol/api/row.ts';
import { limitedBy } from '../gateway/address.ts';
import type { Visitor } from '../gateway/caller.ts';
import { withGroups } from '../store/group-names.ts';
import { PLATFORM, type PlatformNote, type PlatformStore, type Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { accountsByEmail, tenantShape, userShape, type AccountRow } from './accounts.ts';
import { accountActor, visitorActor } from './actor.ts';
import type { Passwords } from './passwords.ts';
import { bearer, beginSignIn } from './sign-in.ts';
import { standing } from './standing.ts';
import { admit, forgive } from './throttle.ts';
import type { Tokens } from './tokens.ts';

export interface LoginParts {
  readonly platform: PlatformStore;
  readonly passwords: Passwords;
  readonly tokens: Tokens;
  readonly now: () => number;
  readonly newUuid: () => string;
}
interface Attempt {
  readonly email: string;
  readonly password: string;
}
type Refused = { readonly refuse: Refusal };
type Answered = { readonly status: 200; readonly body: LoginAnswer } | Refused;
type Some<T> = readonly [T, ...T[]];
interface Entering {
  readonly visitor: Visitor;
  /** The password is that of every account of the email. */
  readonly openedAll: boolean;
}

/** How long somebody has to choose an organization. */
const CHOICE_MS = 10 * 60_000;

export async function login(parts: LoginParts, attempt: Attempt, visitor: Visitor): Promise<Answered> {
  const admitted = await admit(parts.platform, countedAs(attempt.email, visitor), parts.now());
  if (!admitted.ok) return { refuse: { code: 'slow-down', retryAfterS: admitted.retryAfterS } };

  const accounts = await accountsByEmail(parts.platform.read, attempt.email);
  const proven = await provenBy(parts.passwords, attempt.password, accounts);
  if (proven === 'busy') return { refuse: { code: 'slow-down', retryAfterS: 1 } };
  const [first, ...more] = proven;
  if (!first) return wrongPair(parts, attempt.email, { accounts, visitor });

  const [only, ...others] = proven.filter((account) => standing(account, parts.now()) === 'good');
  if (!only) return notUsable(parts, [first, ...more], visitor);
  const who = { visitor, openedAll: proven.length === accounts.length };
  return others.length === 0 ? signIn(parts, only, who) : letChoose(parts, [only, ...others], who);
}

function countedAs(email: string, { address }: Visitor) {
  return { account: email, address: limitedBy(address) };
}

/** The accounts whose own password it is. Tried once at least, so that an unknown email costs as much as a known one. */
async function provenBy(
  passwords: Passwords,
  password: string,
  accounts: readonly AccountRow[],
): Promise<readonly AccountRow[] | 'busy'> {
  const proven: AccountRow[] = [];
  for (const account of accounts.length > 0 ? accounts : [null]) {
    const checked = await passwords.verify(password, account?.password_hash ?? null);
    if (!checked.ok) return checked.code;
    if (checked.right && account) proven.push(account);
  }
  return proven;
}

/** Each organization that has such an account learns of it; the platform, where there is none. */
async function wrongPair(
  { platform }: LoginParts,
  email: string,
  { accounts, visitor }: { accounts: readonly AccountRow[]; visitor: Visitor },
): Promise<Refused> {
  const failed = { action: 'login_failed', status: 'failure', detail: { email } } as const;
  const nobody = { ...failed, organizationId: PLATFORM.id, actor: visitorActor(visitor) };
  const [audit = nobody, ...alsoAudit] = accounts.map((account) => ({ ...noteOf(account, visitor), ...failed }));
  await platform.write(() => Promise.resolve({ value: null, audit, alsoAudit }));
  return { refuse: { code: 'wrong-credentials' } };
}

/** The password was right, so it may be told why it does not help. */
async function notUsable(parts: LoginParts, proven: Some<AccountRow>, visitor: Visitor): Promise<Refused> {
  const reason = (account: AccountRow): string => standing(account, parts.now());
  const refused = (account: AccountRow): PlatformNote => ({
    ...noteOf(account, visitor),
    action: 'login_failed',
    status: 'failure',
    detail: { reason: reason(account) },
  });
  const [first, ...more] = proven;
  await parts.platform.write(async (tx) => {
    for (const account of proven) if (reason(account) === 'idle') await disable(tx, account.id, parts.now());
    return { value: null, audit: refused(first), alsoAudit: more.map(refused) };
  });
  const byOrganization = proven.every((account) => reason(account) === 'organization-disabled');
  return { refuse: { code: byOrganization ? 'organization-disabled' : 'account-disabled' } };
}

async function disable(tx: Writes<Tables>, userId: string, now: number): Promise<void> {
  await tx
    .updateTable('users')
    .set({ disabled_at: new Date(now).toISOString() })
    .where('id', '=', userId)
    .execute();
}

async function signIn(parts: LoginParts, account: AccountRow, entering: Entering): Promise<Answered> {
  const { visitor, openedAll } = entering;
  const { platform, tokens, now } = parts;
  const sid = parts.newUuid();
  const written = await platform.write(async (tx) => {
    await forgive(tx, countedAs(account.email, visitor), openedAll);
    await beginSignIn(tx, [account], { sid, visitor, now: now(), lifetimeMs: tokens.lifetimeS * 1000 });
    const at = new Date(now()).toISOString();
    await tx.updateTable('users').set({ last_login_at: at }).where('id', '=', account.id).execute();
    return { value: null, audit: { ...noteOf(account, visitor), detail: { sign_in_id: sid } } };
  });
  if ('refuse' in written) return written;
  const user = await withGroups(platform.read, account);
  return {
    status: 200,
    body: {
      token: await tokens.sign(bearer(user, visitor.source, sid)),
      user: userShape(user, user),
      expires_in: tokens.lifetimeS,
      session_token: await tokens.signSession(sid, 'select-tenant'),
      available_tenants: [tenantShape(account)],
    },
  };
}

/** Remembers what was proven. A token comes once an organization is chosen. */
async function letChoose(parts: LoginParts, accounts: Some<AccountRow>, entering: Entering): Promise<Answered> {
  const { visitor, openedAll } = entering;
  const sid = parts.newUuid();
  const [first, ...more] = accounts;
  const note = (account: AccountRow): PlatformNote => ({
    ...noteOf(account, visitor),
    detail: { sign_in_id: sid, waits_for: 'organization' },
  });
  const written = await parts.platform.write(async (tx) => {
    await forgive(tx, countedAs(first.email, visitor), openedAll);
    await beginSignIn(tx, accounts, { sid, visitor, now: parts.now(), lifetimeMs: CHOICE_MS });
    return { value: null, audit: note(first), alsoAudit: more.map(note) };
  });
  if ('refuse' in written) return written;
  const session_token = await parts.tokens.signSession(sid, 'select-tenant');
  return {
    status: 200,
    body: { requires_tenant_selection: true, tenants: accounts.map(tenantShape), session_token },
  };
}

function noteOf(account: AccountRow, visitor: Visitor): PlatformNote {
  return {
    action: 'login',
    resource: account.id,
    organizationId: account.organization_id,
    actor: accountActor(account, visitor),
  };
}
