/** Who may give which role, and that an organization keeps an admin. */
import type { Refusal } from '../../protocol/api/row.ts';
import type { PortalRole } from '../../protocol/api/values.ts';
import { PLATFORM, type Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';

/** Super admins live in the platform's organization, and in it nobody else manages anything. Null: it may be given. */
export function roleRefusal(giver: PortalRole, role: PortalRole, organizationId: string): Refusal | null {
  if (role === 'super_admin' && giver !== 'super_admin') return { code: 'role-too-low' };
  const elsewhere = organizationId === PLATFORM.id ? 'company_admin' : 'super_admin';
  return role === elsewhere ? { code: 'role-not-here' } : null;
}

/**
 * The admins that are not disabled, those who are longest there first. Until the transaction ends no other can change them:
 * two admins cannot demote each other at once.
 */
export async function lockAdmins(tx: Writes<TenantTables>): Promise<readonly string[]> {
  const locked = await tx
    .updateTable('users')
    .set((eb) => ({ role: eb.ref('role') }))
    .where('role', '!=', 'user')
    .where('disabled_at', 'is', null)
    .returning(['id', 'created_at'])
    .execute();
  return locked.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).map(({ id }) => id);
}

export function isLast(id: string, admins: readonly string[]): boolean {
  return admins.length === 1 && admins[0] === id;
}
