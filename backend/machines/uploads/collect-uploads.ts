/** Forgets what nobody will ever see: uploads that no text shows, and files without a row. Safe to run again, and by several nodes. */
import type { Store } from '../../store/store.ts';
import type { UploadFiles } from './upload-files.ts';
import { isShownNowhere } from './upload-uses.ts';

interface Parts {
  readonly store: Pick<Store, 'platform'>;
  readonly files: Pick<UploadFiles, 'olderThan' | 'remove'>;
  readonly now: () => number;
}

/** So long somebody may take to write the text that shows it. */
const UNUSED_MS = 24 * 3600 * 1000;

/** Gives how many it forgot. */
export async function collectUploads({ store, files, now }: Parts): Promise<number> {
  const before = new Date(now() - UNUSED_MS);
  const unused = await store.platform.upkeep((tx) =>
    tx
      .deleteFrom('uploads')
      .where('purpose', '=', 'community')
      .where('created_at', '<', before.toISOString())
      .where(isShownNowhere())
      .returning(['organization_id as organizationId', 'id'])
      .execute(),
  );
  for (const name of unused) await files.remove(name);
  let strays = 0;
  for await (const name of files.olderThan(before)) {
    const row = await store.platform.read
      .selectFrom('uploads')
      .select('id')
      .where('organization_id', '=', name.organizationId)
      .where('id', '=', name.id)
      .executeTakeFirst();
    if (row) continue;
    await files.remove(name);
    strays += 1;
  }
  return unused.length + strays;
}
