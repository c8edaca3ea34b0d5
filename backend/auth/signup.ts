/** Signing up: a new organization with its first user, who is its admin. */
import type { auth } from '../../protocol/api/auth.ts';
import type { Input, Outcome } from '../../protocol/api/row.ts';
import { limitedBy } from '../gateway/address.ts';
import type { Visitor } from '../gateway/caller.ts';
import { PLATFORM, type PlatformStore } from '../store/store.ts';
import { admit } from '../store/throttle.ts';
import { accountActor } from './actor.ts';
import { makeAccount, makeOrganization, slugOf } from './new-account.ts';
import type { Passwords } from './passwords.ts';

export interface SignupParts {
  readonly platform: PlatformStore;
  readonly passwords: Passwords;
  readonly now: () => number;
  readonly newObjectId: () => string;
}
type Row = (typeof auth)['signup'];

export async function signup(parts: SignupParts, { body }: Input<Row>, visitor: Visitor): Promise<Outcome<Row>> {
  const slug = slugOf(body.organization_name);
  if (slug === null) return { refuse: { code: 'invalid-fields', fields: [NOT_A_SLUG] } };
  if (slug === PLATFORM.slug) return { refuse: { code: 'organization-taken' } };
  const from = { signup: limitedBy(visitor.address) };
  const admitted = await admit(parts.platform, from, parts.now());
  if (!admitted.ok) return { refuse: { code: 'slow-down', retryAfterS: admitted.retryAfterS } };
  const hashed = await parts.passwords.hash(body);
  if (!hashed.ok) return { refuse: { code: 'slow-down', retryAfterS: 1 } };

  const written = await parts.platform.write(async (tx) => {
    const organization = await makeOrganization(tx, { slug, displayName: body.company_name || slug }, parts);
    if (!organization.ok) return { refuse: { code: organization.code } };
    const account = await makeAccount(
      tx,
      {
        organizationId: organization.id,
        username: body.username,
        email: body.email,
        firstName: body.first_name,
        lastName: body.last_name,
        passwordHash: hashed.hash,
        role: 'company_admin',
        machineRole: 'sudo',
      },
      parts,
    );
    if (!account.ok) return { refuse: { code: account.code } };
    const actor = accountActor({ id: account.id, username: body.username }, visitor);
    const audit = { action: 'signup', resource: account.id, detail: { organization: slug }, actor };
    return { value: account.id, audit: { ...audit, organizationId: organization.id } };
  });
  if ('refuse' in written) return written;
  return {
    status: 201,
    body: {
      message: 'Welcome. Sign in to begin.',
      user_id: written.value,
      username: body.username,
      organization: slug,
    },
  };
}

export const NOT_A_SLUG = {
  path: 'organization_name',
  message: 'letters, digits, dots, hyphens and spaces only, beginning and ending with a letter or digit',
};
