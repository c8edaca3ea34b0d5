/** A user as admins see it. */
import type { Selectable } from 'kysely';
import type { MemberShape } from '../../protocol/api/users.ts';
import { groupNamesOf } from '../store/group-names.ts';
import type { Reads } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';

export type UserRow = Selectable<TenantTables['users']>;
/** What of a row is shown. */
export const memberColumns = [
  'id',
  'username',
  'email',
  'first_name',
  'last_name',
  'role',
  'machine_role',
  'disabled_at',
  'email_verified_at',
  'created_at',
  'last_login_at',
] as const satisfies readonly (keyof TenantTables['users'])[];
export type MemberRow = Pick<UserRow, (typeof memberColumns)[number]>;

export function memberShape(row: MemberRow, groups: readonly string[] = []): MemberShape {
  return {
    id: row.id,
    username: row.username,
    email: row.email,
    first_name: row.first_name,
    last_name: row.last_name,
    role: row.role,
    machine_role: row.machine_role,
    groups: [...groups],
    enabled: row.disabled_at === null,
    email_verified: row.email_verified_at !== null,
    created_at: row.created_at,
    last_login: row.last_login_at,
  };
}

/** Null: there is no such user within reach. */
export async function readMember(read: Reads<TenantTables>, id: string): Promise<MemberShape | null> {
  const row = await read.selectFrom('users').select(memberColumns).where('id', '=', id).executeTakeFirst();
  return row ? memberShape(row, await groupNamesOf(read, id)) : null;
}
