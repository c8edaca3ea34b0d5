/** The names of the groups that users are in. */
import type { Reads } from './store.ts';
import type { Tables } from './tables.ts';

export type GroupTables = Pick<Tables, 'groups' | 'group_members'>;
/** In alphabetical order, by user; one who is in none is not there. */
export type GroupNames = ReadonlyMap<string, readonly string[]>;

/** Of one user, or of everybody who is in reach. */
export async function groupNames(read: Reads<GroupTables>, userId?: string): Promise<GroupNames> {
  let query = read
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.group_id')
    .select(['group_members.user_id', 'groups.name'])
    .orderBy('groups.name_key');
  if (userId !== undefined) query = query.where('group_members.user_id', '=', userId);
  const names = new Map<string, string[]>();
  for (const { user_id, name } of await query.execute()) names.set(user_id, [...(names.get(user_id) ?? []), name]);
  return names;
}

export async function withGroups<T extends { readonly id: string }>(
  read: Reads<GroupTables>,
  user: T,
): Promise<T & { readonly groups: readonly string[] }> {
  return { ...user, groups: (await groupNames(read, user.id)).get(user.id) ?? [] };
}
