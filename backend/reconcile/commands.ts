/** Commands whose end nobody will tell any more, and lines that are older than the audit is kept. */
import type { Store } from '../store/store.ts';

interface Parts {
  readonly store: Pick<Store, 'platform'>;
  readonly now: () => number;
}

const DAY_MS = 24 * 3_600_000;
/** The longest time-out, and as long again for an agent that comes back with the result. One that comes later is taken all the same. */
const TOLD_WITHIN_MS = 2 * 3_600_000;
/** Of one transaction: others write too. */
const AT_ONCE = 1000;

export async function loseCommands({ store, now }: Parts): Promise<void> {
  await store.platform.upkeep((tx) =>
    tx
      .updateTable('commands')
      .set({ state: 'lost' })
      .where('state', '=', 'sent')
      .where('created_at', '<', new Date(now() - TOLD_WITHIN_MS).toISOString())
      .execute(),
  );
}

/** What the audit has forgotten stands in no other place either. */
export async function forgetOldCommands({ store, now }: Parts, keptDays: number, signal: AbortSignal): Promise<void> {
  const before = new Date(now() - keptDays * DAY_MS).toISOString();
  while (!signal.aborted) {
    const old = await store.platform.read
      .selectFrom('command_logs')
      .select('id')
      .where('started_at', '<', before)
      .limit(AT_ONCE)
      .execute();
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) break;
    await store.platform.upkeep(async (tx) => {
      await tx.deleteFrom('commands').where('log_id', 'in', ids).execute();
      await tx.deleteFrom('command_logs').where('id', 'in', ids).execute();
    });
  }
}
