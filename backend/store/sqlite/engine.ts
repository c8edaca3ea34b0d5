/** The embedded engine: one connection that writes, one that can only read. */
import { closeSync, openSync, statSync } from 'node:fs';
import { Kysely } from 'kysely';
import type { Engine } from '../engine.ts';
import { storeFault } from '../fault.ts';
import { migrate } from '../migrations/migrations.ts';
import type { Tables } from '../tables.ts';
import type { Database, SqliteLibrary } from './database.ts';
import { sqliteDialect } from './dialect.ts';

export interface SqlitePlace {
  readonly library: SqliteLibrary;
  readonly path: string;
}

/** How long a write waits for one of another process, such as the command that makes an admin. */
const BUSY_TIMEOUT_MS = 5_000;
/** A database up to this size is checked when it is opened: it takes less than a second. */
const CHECKED_BYTES = 64 * 1024 * 1024;
/** As the engine itself says it. https://sqlite.org/rescode.html#corrupt */
const CORRUPT = 11;

export async function openSqlite(place: SqlitePlace): Promise<Engine> {
  keepPrivate(place.path);
  const database = connect(place, { readOnly: false, checked: true });
  const writer = new Kysely<Tables>({ dialect: sqliteDialect(database) });
  try {
    await migrate(writer);
    const reader = new Kysely<Tables>({ dialect: sqliteDialect(connect(place, { readOnly: true, checked: false })) });
    // Kysely closes only what it has used.
    await reader.selectFrom('organizations').select('id').limit(1).execute();
    return {
      reader,
      // The write lock of the file is one for everything.
      write: (_scope, work) => writer.transaction().execute(work),
      async [Symbol.asyncDispose]() {
        await reader.destroy();
        settle(database);
        await writer.destroy();
      },
    };
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/** One connection by itself, to read everything, or to replace it. */
export function connectAlone(place: SqlitePlace, purpose: 'reading' | 'replacing'): Kysely<Tables> {
  const readOnly = purpose === 'reading';
  if (!readOnly) keepPrivate(place.path);
  return new Kysely<Tables>({ dialect: sqliteDialect(connect(place, { readOnly, checked: true })) });
}

/** Made before SQLite does, which would let the group and others read it; its journals take the same mode. */
function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

interface Connecting {
  readonly readOnly: boolean;
  readonly checked: boolean;
}
function connect({ library, path }: SqlitePlace, { readOnly, checked }: Connecting): Database {
  const database = new library.DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
  try {
    configure(database, readOnly);
    if (checked && statSync(path).size <= CHECKED_BYTES) check(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

function configure(database: Database, readOnly: boolean): void {
  database.exec('pragma foreign_keys = on');
  if (readOnly) return;
  database.exec('pragma journal_mode = wal');
  database.exec('pragma synchronous = normal');
}

/** Moves what the journal holds into the file. Where that fails nothing is lost: the next start reads the journal. */
function settle(database: Database): void {
  try {
    database.exec('pragma wal_checkpoint(truncate)');
  } catch (error) {
    if (storeFault(error) === null) throw error;
  }
}

/** Looks at every page: damage shows now, and not as a strange answer some day. */
function check(database: Database): void {
  const [found] = database.prepare('pragma quick_check(1)').all<{ quick_check: string }>();
  if (found?.quick_check === 'ok') return;
  throw Object.assign(new Error('the check of the database failed'), { code: 'ERR_SQLITE_ERROR', errcode: CORRUPT });
}
