/** The users of an organization, searched and paged by the store. */
import { contains } from '../store/contains.ts';
import { preparedList, type Listed } from '../store/listed.ts';
import type { Reads } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { memberColumns, type MemberRow } from './member-shape.ts';

interface Query {
  readonly q?: string | undefined;
  readonly page?: number | undefined;
  readonly limit?: number | undefined;
}
export async function searchUsers(read: Reads<TenantTables>, query: Query): Promise<Listed<MemberRow>> {
  const { q = '' } = query;
  return usersIn(read, query, (eb) =>
    contains([eb.ref('username'), eb.ref('email'), eb.ref('first_name'), eb.ref('last_name')], q),
  );
}

const usersOf = (read: Reads<TenantTables>) => read.selectFrom('users');
const inOrder = (found: ReturnType<typeof usersOf>) => found.select(memberColumns).orderBy('username_key');
const usersIn = preparedList(usersOf, inOrder);
