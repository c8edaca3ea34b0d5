/** Accounts that nobody signed in to for 30 days: disabled until an admin enables them. */
import { IDLE_MS } from '../auth/standing.ts';
import type { Bus } from '../bus/bus.ts';
import { serviceActor } from '../store/audit.ts';
import type { Store } from '../store/store.ts';

interface Parts {
  readonly store: Pick<Store, 'platform' | 'organization'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
}

export async function disableIdleAccounts({ store, bus, now }: Parts, signal: AbortSignal): Promise<void> {
  const at = new Date(now()).toISOString();
  const since = new Date(now() - IDLE_MS).toISOString();
  const idle = await store.platform.read
    .selectFrom('users')
    .select(['id', 'organization_id'])
    .where('disabled_at', 'is', null)
    .where('enabled_at', '<', since)
    .where((eb) => eb.or([eb('last_login_at', 'is', null), eb('last_login_at', '<', since)]))
    .execute();
  for (const { id: userId, organization_id: organizationId } of idle) {
    if (signal.aborted) return;
    const written = await store.organization(organizationId).write(serviceActor, async (tx) => {
      const disabled = await tx
        .updateTable('users')
        .set({ disabled_at: at })
        .where('id', '=', userId)
        .where('disabled_at', 'is', null)
        // Signed in, or enabled, since it was looked for.
        .where('enabled_at', '<', since)
        .where((eb) => eb.or([eb('last_login_at', 'is', null), eb('last_login_at', '<', since)]))
        .executeTakeFirst();
      if (disabled.numUpdatedRows === 0n) return { refuse: { code: 'not-found' } };
      return { value: undefined, audit: { action: 'user_disabled', resource: userId, detail: { reason: 'idle' } } };
    });
    if (!('refuse' in written)) bus.publish('user.disabled', { organizationId, userId });
  }
}
