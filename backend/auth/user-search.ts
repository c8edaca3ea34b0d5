/** The users of an organization, searched and paged by the store. */
import { contains } from '../store/contains.ts';
import { listed, type Listed } from '../store/listed.ts';
import type { Reads } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import type { UserRow } from './member-shape.ts';

interface Query {
  readonly q?: string | undefined;
  readonly page?: number | undefined;
  readonly limit?: number | undefined;
}
export async function searchUsers(read: Reads<TenantTables>, query: Query): Promise<Listed<UserRow>> {
  const { q = '' } = query;
  const found = read
    .selectFrom('users')
    .where((eb) => contains([eb.ref('username'), eb.ref('email'), eb.ref('first_name'), eb.ref('last_name')], q));
  return listed(found, (all) => all.selectAll().orderBy('username_key'), query);
}
