/** Which groups a user is in, set as a whole. */
import type { Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';

interface Wanted {
  readonly userId: string;
  /** Names or ids. */
  readonly groups: readonly string[];
  readonly addedBy: string;
  readonly at: string;
}

/** False: one of the groups does not exist, and nothing was changed. */
export async function setGroups(tx: Writes<TenantTables>, wanted: Wanted): Promise<boolean> {
  const ids = await groupIds(tx, wanted.groups);
  if (!ids) return false;
  await tx
    .deleteFrom('group_members')
    .where('user_id', '=', wanted.userId)
    .$if(ids.length > 0, (others) => others.where('group_id', 'not in', ids))
    .execute();
  const { userId: user_id, addedBy: added_by, at: created_at } = wanted;
  if (ids.length === 0) return true;
  await tx
    .insertInto('group_members')
    .values(ids.map((group_id) => ({ group_id, user_id, added_by, created_at })))
    .onConflict((on) => on.doNothing())
    .execute();
  return true;
}

async function groupIds(tx: Writes<TenantTables>, named: readonly string[]): Promise<readonly string[] | null> {
  if (named.length === 0) return [];
  const keys = named.map((name) => name.toLowerCase());
  const found = await tx
    .selectFrom('groups')
    .select(['id', 'name_key'])
    .where((eb) => eb.or([eb('id', 'in', keys), eb('name_key', 'in', keys)]))
    .execute();
  const known = new Set(found.flatMap(({ id, name_key }) => [id, name_key]));
  return keys.every((key) => known.has(key)) ? found.map(({ id }) => id) : null;
}

/** What is answered when it does not. */
export const NO_SUCH_GROUP = {
  refuse: { code: 'invalid-fields', fields: [{ path: 'groups', message: 'must be groups of the organization' }] },
} as const;
