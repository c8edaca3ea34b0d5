/** The users of an organization, searched and paged by the store. */
import { contains } from '../store/contains.ts';
import { listed, preparedList, type Listed } from '../store/listed.ts';
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
  if (q === '') return allUsers(read, query);
  const found = usersOf(read).where((eb) =>
    contains([eb.ref('username'), eb.ref('email'), eb.ref('first_name'), eb.ref('last_name')], q),
  );
  return listed(found, inOrder, query);
}

const usersOf = (read: Reads<TenantTables>) => read.selectFrom('users');
const inOrder = (found: ReturnType<typeof usersOf>) => found.select(memberColumns).orderBy('username_key');
const allUsers = preparedList(usersOf, inOrder);
