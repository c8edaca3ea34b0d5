/**
 * Organizations that somebody signed up and nobody ever entered. Whose the email is was never proven, and the names are taken on the whole
 * platform: they are given back.
 */
import type { Bus } from '../bus/bus.ts';
import { inBothChains, serviceActor } from '../store/audit.ts';
import { eraseOrganization } from '../store/erase.ts';
import type { Reads, Store } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

interface Parts {
  readonly store: Pick<Store, 'platform'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
}

/** A code by mail lives ten minutes, and may be asked for again until then. */
const UNPROVEN_MS = 7 * 24 * 3_600_000;

export async function removeUnprovenSignups({ store, bus, now }: Parts, signal: AbortSignal): Promise<void> {
  const before = new Date(now() - UNPROVEN_MS).toISOString();
  for (const { id: organizationId } of await unproven(store.platform.read, before).execute()) {
    if (signal.aborted) return;
    const written = await store.platform.write(async (tx) => {
      // Entered since it was looked for, or another node was first.
      const found = await unproven(tx, before).where('organizations.id', '=', organizationId).executeTakeFirst();
      if (!found) return { refuse: { code: 'not-found' } };
      await eraseOrganization(tx, organizationId);
      const { slug: name, display_name } = found;
      const detail = { name, display_name, reason: 'never-proven' };
      const note = { action: 'organization_deleted', resource: organizationId, detail };
      return { value: null, ...inBothChains(note, organizationId, serviceActor) };
    });
    if (!('refuse' in written)) bus.publish('organization.deleted', { organizationId });
  }
}

/**
 * Of one user, who signed it up: its chain begins with that, and has no act of anybody else. What an operator, or a super admin, made or
 * changed is somebody's who is known. Without mail nobody proves more than a password, so whoever signed in even once stays.
 */
function unproven(read: Reads<Tables>, before: string) {
  return read
    .selectFrom('organizations')
    .innerJoin('audit_entries', 'audit_entries.organization_id', 'organizations.id')
    .innerJoin('users', 'users.id', 'audit_entries.user_id')
    .select(['organizations.id', 'organizations.slug', 'organizations.display_name'])
    .where('organizations.disabled_at', 'is', null)
    .where('audit_entries.seq', '=', 1)
    .where('audit_entries.action', '=', 'signup')
    .where('users.email_verified_at', 'is', null)
    .where('users.last_login_at', 'is', null)
    .where('users.enabled_at', '<', before)
    .where((eb) => {
      const otherAccounts = eb
        .selectFrom('users as other')
        .select('other.id')
        .whereRef('other.organization_id', '=', 'organizations.id')
        .whereRef('other.id', '!=', 'users.id');
      const actsOfOthers = eb
        .selectFrom('audit_entries as act')
        .select('act.id')
        .whereRef('act.organization_id', '=', 'organizations.id')
        .whereRef('act.user_id', '!=', 'users.id');
      return eb.not(eb.or([eb.exists(otherAccounts), eb.exists(actsOfOthers)]));
    });
}
