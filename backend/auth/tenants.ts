/** The organizations that a sign-in reaches: those of the accounts it has proven, and for a super admin every other. */
import type { Tenant } from '../../protocol/api/auth.ts';
import type { Reads } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import { provenAccounts, tenantShape, type AccountRow, type Place } from './accounts.ts';
import { standing } from './standing.ts';

/** More are found by name where organizations are managed. */
const MOST_OTHERS = 200;

export async function tenantsOf(read: Reads<Tables>, signInId: string, now: number): Promise<Tenant[]> {
  const accounts = await provenAccounts(read, signInId);
  const usable = accounts.filter((account) => standing(account, now) === 'good');
  const own = usable.map((account) => tenantShape(account));
  const superAdmin = usable.find(({ role }) => role === 'super_admin');
  if (!superAdmin) return own;
  const others = await read
    .selectFrom('organizations')
    .select(['slug', 'display_name'])
    .where('disabled_at', 'is', null)
    .where(
      'id',
      'not in',
      usable.map(({ organization_id }) => organization_id),
    )
    .orderBy('display_name')
    .limit(MOST_OTHERS)
    .execute();
  return [...own, ...others.map((place) => tenantShape(superAdmin, place))];
}

/** An account, and the organization to go to with it. */
export interface Destination {
  readonly account: AccountRow;
  readonly place: Place & { readonly id: string };
}

/** Null: this sign-in has proven nothing that leads there. */
export async function destinationOf(
  read: Reads<Tables>,
  accounts: readonly AccountRow[],
  slug: string,
  now: number,
): Promise<Destination | null> {
  const own = accounts.find((account) => account.slug === slug);
  if (own) return atHome(own);
  const superAdmin = accounts.find((account) => account.role === 'super_admin' && standing(account, now) === 'good');
  if (!superAdmin) return null;
  const place = await read
    .selectFrom('organizations')
    .select(['id', 'slug', 'display_name'])
    .where('slug', '=', slug)
    .executeTakeFirst();
  return place ? { account: superAdmin, place } : null;
}

export function atHome(account: AccountRow): Destination {
  const { organization_id: id, slug, display_name } = account;
  return { account, place: { id, slug, display_name } };
}

/** Of an organization that is known to exist. */
export async function placeOf(read: Reads<Tables>, organizationId: string): Promise<Destination['place']> {
  return read
    .selectFrom('organizations')
    .select(['id', 'slug', 'display_name'])
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
}
