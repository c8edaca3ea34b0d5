/** Recordings that ended before they are kept any longer; those that still run stay. */
import type { MachineService } from '../machines/service.ts';
import type { Store } from '../store/store.ts';

interface Parts {
  readonly store: Pick<Store, 'platform'>;
  readonly now: () => number;
  /** Rows and files, with an entry in the audit of the organization. */
  readonly remove: MachineService['removeRecordings'];
}

const DAY_MS = 24 * 3_600_000;
/** In one transaction, and named in one entry. */
const AT_ONCE = 100;

export async function removeOldRecordings(
  { store, now, remove }: Parts,
  keptDays: number,
  signal: AbortSignal,
): Promise<void> {
  const before = new Date(now() - keptDays * DAY_MS).toISOString();
  while (!signal.aborted) {
    const old = await store.platform.read
      .selectFrom('recordings')
      .select(['organization_id', 'session_id'])
      .where('ended_at', '<', before)
      .orderBy('organization_id')
      .limit(AT_ONCE)
      .execute();
    const organizationId = old[0]?.organization_id;
    if (organizationId === undefined) return;
    const own = old.filter((row) => row.organization_id === organizationId);
    await remove(
      organizationId,
      own.map((row) => row.session_id),
    );
  }
}
