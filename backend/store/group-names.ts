/** The names of the groups that users are in. */
import { prepared, type ValueOf } from './prepared.ts';
import type { Reads } from './store.ts';
import type { Tables } from './tables.ts';

export type GroupTables = Pick<Tables, 'groups' | 'group_members'>;
/** In alphabetical order, by user; one who is in none is not there. */
export type GroupNames = ReadonlyMap<string, readonly string[]>;

/** Of everybody who is in reach. */
export async function groupNames(read: Reads<GroupTables>): Promise<GroupNames> {
  const names = new Map<string, string[]>();
  for (const { user_id, name } of await memberships(read).execute()) {
    names.set(user_id, [...(names.get(user_id) ?? []), name]);
  }
  return names;
}

/** In alphabetical order. */
export async function groupNamesOf(read: Reads<GroupTables>, userId: string): Promise<readonly string[]> {
  const found = await askMembershipsOf(read, { userId });
  return found.map(({ name }) => name);
}

export async function withGroups<T extends { readonly id: string }>(
  read: Reads<GroupTables>,
  user: T,
): Promise<T & { readonly groups: readonly string[] }> {
  return { ...user, groups: await groupNamesOf(read, user.id) };
}

function memberships(read: Reads<GroupTables>) {
  return read
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.group_id')
    .select(['group_members.user_id', 'groups.name'])
    .orderBy('groups.name_key');
}

const askMembershipsOf = prepared((read: Reads<GroupTables>, value: ValueOf<{ userId: string }>) =>
  memberships(read).where('group_members.user_id', '=', value('userId')),
);
