/** What is shown and kept of an account. */
import type { Tenant } from '../../../protocol/api/auth.ts';
import type { User } from '../../../protocol/api/users.ts';
import type { Account } from '../../../protocol/bridge/events.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import type { Organization } from '../../../protocol/bridge/sign-in.ts';
import type { LinkState } from '../machines/live-link.ts';
import type { StoredAccount } from '../settings/stored.ts';

export const storedOf = (account: Account): StoredAccount => ({
  account: account.account,
  address: account.address,
  user_id: account.user_id,
  username: account.username,
  email: account.email,
  organization: account.organization,
  tenant_id: account.tenant_id,
  reaches: account.reaches,
  role: account.role,
});

/** Of an account by its user; what else is known of it stays. */
export const described = (user: User) => ({
  user_id: user.id,
  username: user.username,
  email: user.email,
  organization: user.tenant_name,
  tenant_id: user.tenant_id,
  role: user.role,
});

export const organizationOf = ({ tenant_id, tenant_name, username }: Tenant): Organization => ({
  tenant_id,
  name: tenant_name,
  username,
});

/** The person has to sign in again. */
export const offTheLink = (account: Account, failure: Failure): Account => ({
  ...storedOf(account),
  state: 'expired',
  failure,
  latency_ms: null,
});

export function onTheLink(account: Account, link: LinkState): Account {
  const details = storedOf(account);
  switch (link.at) {
    case 'connecting':
      return { ...details, state: 'connecting', latency_ms: null };
    case 'online':
      return { ...details, state: 'online', latency_ms: link.latencyMs };
    case 'offline':
      return {
        ...details,
        state: 'offline',
        failure: link.failure,
        next_try_at: new Date(link.nextTryAt).toISOString(),
        latency_ms: null,
      };
  }
}
