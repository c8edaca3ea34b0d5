/** Opens the embedded store: one connection that writes, one that can only read. */
import { closeSync, openSync, statSync } from 'node:fs';
import { Kysely, QueryCreator } from 'kysely';
import { createDirectory } from './directory.ts';
import { storeFault } from './fault.ts';
import { migrate } from './migrations/migrations.ts';
import { narrow } from './narrow.ts';
import type { Reach } from './reach.ts';
import { sqliteDialect } from './sqlite/dialect.ts';
import type { Database, SqliteLibrary } from './sqlite/database.ts';
import { PLATFORM, type OrganizationStore, type Store } from './store.ts';
import type { Tables, TenantTables } from './tables.ts';
import { createTransactions, type Transactions } from './transactions.ts';

/** How long a write waits for one of another process, such as the command that makes an admin. */
const BUSY_TIMEOUT_MS = 5_000;

/** A database up to this size is checked when it is opened: it takes less than a second. */
const CHECKED_BYTES = 64 * 1024 * 1024;
/** As the engine itself says it. https://sqlite.org/rescode.html#corrupt */
const CORRUPT = 11;

export interface StoreParts {
  readonly library: SqliteLibrary;
  readonly path: string;
  readonly now: () => number;
  readonly newObjectId: () => string;
}

/** Throws what the engine throws: `storeFault` tells what it means. */
export async function openStore(parts: StoreParts): Promise<Store> {
  keepPrivate(parts.path);
  const database = connect(parts, { readOnly: false });
  const writer = new Kysely<Tables>({ dialect: sqliteDialect(database) });
  try {
    await migrate(writer);
    await seedPlatform(writer, parts);
    const reader = new Kysely<Tables>({ dialect: sqliteDialect(connect(parts, { readOnly: true })) });
    // Kysely closes only what it has used.
    await ping(reader);
    return createStore({ ...parts, writer, reader, settle: () => settle(database) });
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/** Made before SQLite does, which would let the group and others read it; its journals take the same mode. */
function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

function connect({ library, path }: StoreParts, { readOnly }: { readOnly: boolean }): Database {
  const database = new library.DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
  try {
    configure(database, readOnly);
    if (!readOnly && statSync(path).size <= CHECKED_BYTES) check(database);
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

/** The platform's own organization: super admins live in it, and its chain takes what concerns no other. */
async function seedPlatform(writer: Kysely<Tables>, { now }: StoreParts): Promise<void> {
  await writer
    .insertInto('organizations')
    .values({
      id: PLATFORM.id,
      slug: PLATFORM.slug,
      display_name: 'Platform',
      created_at: new Date(now()).toISOString(),
      disabled_at: null,
    })
    .onConflict((oc) => oc.column('id').doNothing())
    .execute();
}

interface Connections extends StoreParts {
  readonly writer: Kysely<Tables>;
  readonly reader: Kysely<Tables>;
  readonly settle: () => void;
}

function createStore(parts: Connections): Store {
  const { reader, writer } = parts;
  const transactions = createTransactions(parts);
  return {
    directory: createDirectory(reader),
    platform: { read: reader, write: transactions.audited, upkeep: transactions.plain },
    organization: (organizationId) => within({ organizationId, viewer: null }, reader, transactions),
    ping: () => ping(reader),
    async [Symbol.asyncDispose]() {
      await reader.destroy();
      parts.settle();
      await writer.destroy();
    },
  };
}

async function ping(reader: Kysely<Tables>): Promise<void> {
  await reader.selectFrom('organizations').select('id').limit(1).execute();
}

function within(reach: Reach, reader: Kysely<Tables>, transactions: Transactions): OrganizationStore {
  const plugin = narrow(reach);
  const { organizationId } = reach;
  const narrowed = (db: Kysely<Tables>): QueryCreator<TenantTables> =>
    new QueryCreator<TenantTables>({ executor: db.getExecutor().withPlugin(plugin) });
  return {
    id: organizationId,
    read: narrowed(reader),
    write: (actor, work) =>
      transactions.audited(async (tx) => {
        const end = await work(narrowed(tx));
        if ('refuse' in end) return end;
        const whose = { actor, organizationId };
        const alsoAudit = (end.alsoAudit ?? []).map((note) => ({ ...note, ...whose }));
        return { value: end.value, audit: { ...end.audit, ...whose }, alsoAudit };
      }),
    upkeep: (work) => transactions.plain((tx) => work(narrowed(tx))),
    seenBy: (viewer) => within({ ...reach, viewer }, reader, transactions),
  };
}
