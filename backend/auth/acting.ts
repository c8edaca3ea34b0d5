/** In which organization an account acts: its own, but for a super admin, whose token names the one it selected. */
import type { Reads } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { AccountRow } from './accounts.ts';

export type Acting = Pick<AccountRow, 'organization_id' | 'slug' | 'display_name'>;

/** `selectedId`: the organization of its token, which counts for nothing with anybody else. Null: that organization is gone. */
export async function actsIn(
  read: Reads<Tables>,
  account: Acting & Pick<AccountRow, 'role'>,
  selectedId: string,
): Promise<Acting | null> {
  const { organization_id, slug, display_name } = account;
  if (account.role !== 'super_admin' || selectedId === organization_id) return { organization_id, slug, display_name };
  const found = await read
    .selectFrom('organizations')
    .select(['id as organization_id', 'slug', 'display_name'])
    .where('id', '=', selectedId)
    .executeTakeFirst();
  return found ?? null;
}
