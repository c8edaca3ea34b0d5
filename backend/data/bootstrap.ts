/** The first organization of an empty store, with its admin and a machine whose agent may join: what a first start needs. */
import { makeAccount, makeOrganization, slugOf } from '../auth/new-account.ts';
import { addMachine } from '../machines/add-machine.ts';
import { serviceActor } from '../store/audit.ts';
import { PLATFORM, type Store, type Writes } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export interface FirstWish {
  readonly organization: string;
  readonly email: string;
  readonly username: string;
  readonly passwordHash: string;
  /** The name of a machine to make with it; null: none. */
  readonly machine: string | null;
}
export interface MakingParts {
  readonly store: Store;
  readonly now: () => number;
  readonly newObjectId: () => string;
  readonly newUuid: () => string;
}
export interface First {
  readonly slug: string;
  readonly registrationToken: string | null;
}
/** `exists`: there is an organization already, and nothing was made. */
export type Bootstrapped =
  | { readonly ok: true; readonly made: First }
  | { readonly ok: false; readonly code: 'exists' | 'organization-name' | 'username-taken' };

export async function bootstrap(parts: MakingParts, wish: FirstWish): Promise<Bootstrapped> {
  const slug = slugOf(wish.organization);
  if (slug === null || slug === PLATFORM.slug) return { ok: false, code: 'organization-name' };
  const written = await parts.store.platform.write(async (tx) => {
    if (await hasOrganization(tx)) return { refuse: { code: 'organization-taken' } };
    const organization = await makeOrganization(tx, { slug, displayName: wish.organization }, parts);
    if (!organization.ok) return { refuse: { code: organization.code } };
    const account = await makeAccount(
      tx,
      {
        ...wish,
        organizationId: organization.id,
        firstName: '',
        lastName: '',
        role: 'company_admin',
        machineRole: 'sudo',
      },
      parts,
    );
    if (!account.ok) return { refuse: { code: account.code } };
    const audit = { action: 'signup', resource: account.id, detail: { organization: slug, by: 'bootstrap' } };
    const value = { organizationId: organization.id, ownerId: account.id };
    return { value, audit: { ...audit, organizationId: organization.id, actor: serviceActor } };
  });
  if ('refuse' in written) {
    return { ok: false, code: written.refuse.code === 'username-taken' ? 'username-taken' : 'exists' };
  }
  const registrationToken = wish.machine === null ? null : await firstMachine(parts, wish.machine, written.value);
  return { ok: true, made: { slug, registrationToken } };
}

async function hasOrganization(tx: Writes<Tables>): Promise<boolean> {
  const found = await tx.selectFrom('organizations').select('id').where('id', '!=', PLATFORM.id).executeTakeFirst();
  return found !== undefined;
}

async function firstMachine(
  parts: MakingParts,
  name: string,
  { organizationId, ownerId }: { organizationId: string; ownerId: string },
): Promise<string | null> {
  const written = await parts.store.organization(organizationId).write(serviceActor, async (tx) => {
    const { registrationToken, note } = await addMachine(tx, { name, ownerId }, parts);
    return { value: registrationToken, audit: note };
  });
  return 'refuse' in written ? null : written.value;
}
