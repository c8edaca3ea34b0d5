/** Erasing what an organization owns. Its audit stays: who removed it, and what was done in it before, can be read and verified. */
import type { Writes } from './store.ts';
import type { Tables, TenantTables } from './tables.ts';

/** Everything but the audit; what refers to a table goes before it. */
const inOrder = [
  'command_logs',
  'commands',
  'recordings',
  'upload_uses',
  'uploads',
  'fix_likes',
  'fixes',
  'issues',
  'sessions',
  'registration_tokens',
  'machine_grants',
  'group_machines',
  'group_members',
  'groups',
  'machines',
  'users',
] as const satisfies (keyof TenantTables)[];

/** A table that is not in the list does not compile. */
type Forgotten = Exclude<keyof TenantTables, (typeof inOrder)[number] | `audit_${string}`>;
const complete: [Forgotten] extends [never] ? typeof inOrder : Forgotten = inOrder;

export async function eraseOrganization(tx: Writes<Tables>, organizationId: string): Promise<void> {
  for (const table of complete) await tx.deleteFrom(table).where('organization_id', '=', organizationId).execute();
  await tx.deleteFrom('organizations').where('id', '=', organizationId).execute();
}
