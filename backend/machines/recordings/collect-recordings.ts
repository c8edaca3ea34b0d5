/** Removes files of recordings that the store knows nothing of: what was ended between the row and its file left them. Safe to run again. */
import type { Store } from '../../store/store.ts';
import { filesOlderThan, fileOf, removeFile } from './recording-file.ts';

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly folder: string;
  readonly now: () => number;
}

/** A recording that begins has its row long before. */
const STRAY_MS = 24 * 3_600_000;

export async function collectRecordings({ store, folder, now }: Parts, signal: AbortSignal): Promise<void> {
  for await (const key of filesOlderThan(folder, new Date(now() - STRAY_MS))) {
    if (signal.aborted) return;
    const known = await store
      .organization(key.organizationId)
      .read.selectFrom('recordings')
      .select('session_id')
      .where('session_id', '=', key.sessionId)
      .executeTakeFirst();
    if (!known) await removeFile(fileOf(folder, key));
  }
}
