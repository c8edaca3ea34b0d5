/** Making a super admin: by a command of whoever owns the data folder, never over the network. */
import { makeAccount } from '../auth/new-account.ts';
import { serviceActor } from '../store/audit.ts';
import { PLATFORM, type Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';
import type { MakingParts } from './bootstrap.ts';

export interface SuperAdminWish {
  readonly email: string;
  readonly username: string;
  readonly passwordHash: string;
}
export type SuperAdminMade =
  | { readonly ok: true; readonly userId: string }
  | { readonly ok: false; readonly code: 'username-taken' | 'email-taken' };

export async function makeSuperAdmin(
  { store, ...parts }: Pick<MakingParts, 'store' | 'now' | 'newObjectId'>,
  wish: SuperAdminWish,
): Promise<SuperAdminMade> {
  const written = await store.platform.write(async (tx) => {
    if (await emailTaken(tx, wish.email)) return { refuse: { code: 'email-taken' } };
    const made = await makeAccount(
      tx,
      {
        ...wish,
        organizationId: PLATFORM.id,
        firstName: '',
        lastName: '',
        role: 'super_admin',
        machineRole: 'sudo',
      },
      parts,
    );
    if (!made.ok) return { refuse: { code: made.code } };
    const detail = { username: wish.username, role: 'super_admin', by: 'create-super-admin' };
    const audit = { action: 'user_created', resource: made.id, detail };
    return { value: made.id, audit: { ...audit, organizationId: PLATFORM.id, actor: serviceActor } };
  });
  if ('value' in written) return { ok: true, userId: written.value };
  return { ok: false, code: written.refuse.code === 'email-taken' ? 'email-taken' : 'username-taken' };
}

async function emailTaken(tx: Writes<Tables>, email: string): Promise<boolean> {
  const found = await tx
    .selectFrom('users')
    .select('id')
    .where('organization_id', '=', PLATFORM.id)
    .where('email', '=', email)
    .executeTakeFirst();
  return found !== undefined;
}
