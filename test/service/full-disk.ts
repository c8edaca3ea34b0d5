/** A disk that a test can fill: the engine's own limit on pages stands for it. */
import { DatabaseSync } from '@photostructure/sqlite';
import type { SqliteLibrary } from '../../backend/store/sqlite/database.ts';

export interface LimitedDisk {
  /** What the backend under test opens its store with. */
  readonly library: SqliteLibrary;
  /** Full: not one page more than there is now. */
  fill(full: boolean): void;
}

export function limitedDisk(): LimitedDisk {
  const databases = new Set<{ exec(sql: string): void }>();
  const library = {
    DatabaseSync: class extends DatabaseSync {
      override exec(sql: string): void {
        super.exec(sql);
        if (sql.includes('synchronous')) databases.add(this);
      }
    },
  };
  return {
    library,
    fill(full) {
      for (const database of databases) database.exec(`pragma max_page_count = ${full ? 1 : 1_000_000}`);
    },
  };
}
