/** Which organizations the sign-ins of the accounts here reach. Pure. */
import type { Account } from '../../protocol/bridge/events.ts';
import type { Organization } from '../../protocol/bridge/sign-in.ts';

/** The organizations that an account's sign-in reaches, and no account here is of. */
export function elsewhere(accounts: readonly Account[], from: Account): readonly Organization[] {
  const here = new Set(accounts.filter(({ address }) => address === from.address).map(placeOf));
  return from.reaches.filter((organization) => !here.has(placeOf(organization)));
}

/** One whose sign-in still holds, and reaches this account too. */
export const reachedFrom = (accounts: readonly Account[], { address, ...to }: Account): Account | undefined =>
  accounts.find(
    (from) =>
      from.state !== 'expired' &&
      from.address === address &&
      from.reaches.some((organization) => placeOf(organization) === placeOf(to)),
  );

/** Who one is there: two organizations may have the same name. */
export const asWhom = ({ tenant_id, username }: Organization): string => `as ${username} · ${tenant_id}`;

const placeOf = ({ tenant_id, username }: Pick<Organization, 'tenant_id' | 'username'>): string =>
  `${tenant_id} ${username}`;
