/**
 * Sets aside files of recordings that the store knows nothing of, as what was ended between the row and its file leaves them, and removes
 * them a month later: the store may be the wrong one, or not restored yet. Safe to run again.
 */
import type { Logger } from 'pino';
import type { Store } from '../../store/store.ts';
import { filesOlderThan, fileOf, removeFile, setAside, strayFolder } from './recording-file.ts';

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly folder: string;
  readonly log: Pick<Logger, 'warn'>;
  readonly now: () => number;
}

const DAY_MS = 24 * 3_600_000;
/** A recording that begins has its row long before. */
const STRAY_MS = DAY_MS;
/** Since it was set aside. */
const KEPT_MS = 30 * DAY_MS;

export async function collectRecordings({ store, folder, log, now }: Parts, signal: AbortSignal): Promise<void> {
  const strays = strayFolder(folder);
  let count = 0;
  for await (const key of filesOlderThan(folder, new Date(now() - STRAY_MS))) {
    if (signal.aborted) break;
    const known = await store
      .organization(key.organizationId)
      .read.selectFrom('recordings')
      .select('session_id')
      .where('session_id', '=', key.sessionId)
      .executeTakeFirst();
    if (known) continue;
    await setAside(folder, key, new Date(now()));
    count += 1;
  }
  if (count > 0) log.warn({ count, folder: strays }, 'recordings that the store does not know were set aside');
  for await (const key of filesOlderThan(strays, new Date(now() - KEPT_MS))) {
    if (signal.aborted) return;
    await removeFile(fileOf(strays, key));
  }
}
