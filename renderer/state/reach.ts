/** Which organizations the sign-ins of the accounts here reach. Pure. */
import type { Account } from '../../protocol/bridge/events.ts';
import type { Organization } from '../../protocol/bridge/sign-in.ts';

/** An organization that an account's sign-in reaches, and no account here is of. */
interface Elsewhere extends Organization {
  /** The account from which it is reached. */
  readonly from: string;
}

export function elsewhere(accounts: readonly Account[], from: Account): readonly Elsewhere[] {
  const here = new Set(accounts.filter(({ address }) => address === from.address).map(placeOf));
  return from.reaches
    .filter((organization) => !here.has(placeOf(organization)))
    .map((organization) => ({ ...organization, from: from.account }));
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
