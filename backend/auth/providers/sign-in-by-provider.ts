/** Signing in as whom a provider named: the accounts that opens, and what is answered for none, one or several. */
import type { OrganizationWanted, SignedIn } from '../../../protocol/api/auth.ts';
import type { Provider } from '../../../protocol/api/values.ts';
import type { Visitor } from '../../gateway/caller.ts';
import { PLATFORM, type Refused } from '../../store/store.ts';
import type { AccountRow } from '../accounts.ts';
import { visitorActor } from '../actor.ts';
import { standing } from '../standing.ts';
import { enter, tokenStep, type StepParts } from '../step.ts';
import { atHome } from '../tenants.ts';
import { notUsable, type Some } from '../unusable.ts';
import { verifyEmail } from '../verify-email.ts';
import { link, linkNote, openedBy } from './identities.ts';
import type { Identity } from './provider.ts';

export interface Named {
  readonly provider: Provider;
  readonly identity: Identity;
}
interface Usable {
  readonly accounts: Some<AccountRow>;
  readonly unlinked: readonly AccountRow[];
}

/** No code is asked for: a verified email at the provider proves what the code would. */
export async function signInByProvider(
  parts: StepParts,
  named: Named,
  visitor: Visitor,
): Promise<{ readonly status: 200; readonly body: SignedIn | OrganizationWanted } | Refused> {
  const usable = await usableBy(parts, named, visitor);
  if ('refuse' in usable) return usable;
  const { accounts, unlinked } = usable;
  const { provider, identity } = named;
  const now = parts.now();
  return enter<SignedIn>(parts, {
    accounts,
    proof: 'email',
    visitor,
    by: { by: provider },
    single: (account, entering) => tokenStep(parts, atHome(account), entering),
    async also(tx) {
      await link(tx, unlinked, { provider, subject: identity.subject, now });
      const verified = identity.email === null ? [] : await verifyEmail(tx, identity.email, { visitor, now });
      return [...unlinked.map((account) => linkNote(account, provider, visitor)), ...verified];
    },
  });
}

/** The accounts it opens now, or why there are none. */
export async function usableBy(
  parts: Pick<StepParts, 'platform' | 'now'>,
  { provider, identity }: Named,
  visitor: Visitor,
): Promise<Usable | Refused> {
  const { linked, unlinked } = await openedBy(parts.platform.read, provider, identity);
  const [first, ...more] = [...linked, ...unlinked];
  if (!first) return unknown(parts, { provider, identity }, visitor);
  const isUsable = (account: AccountRow): boolean => standing(account, parts.now()) === 'good';
  const [only, ...others] = [first, ...more].filter(isUsable);
  if (!only) return notUsable(parts, [first, ...more], visitor);
  return { accounts: [only, ...others], unlinked: unlinked.filter(isUsable) };
}

async function unknown(
  { platform }: Pick<StepParts, 'platform'>,
  { provider, identity: { email } }: Named,
  visitor: Visitor,
): Promise<Refused> {
  const code = email === null ? 'email-not-verified' : 'account-unknown';
  const detail = { by: provider, reason: code, ...(email !== null && { email }) };
  const failed = { action: 'login_failed', status: 'failure', detail } as const;
  const audit = { ...failed, organizationId: PLATFORM.id, actor: visitorActor(visitor) };
  await platform.write(() => Promise.resolve({ value: null, audit }));
  return { refuse: { code } };
}
