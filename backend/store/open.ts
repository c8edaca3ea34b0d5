/** Opens the embedded store: one connection that writes, one that can only read. */
import { closeSync, openSync } from 'node:fs';
import { Kysely, QueryCreator } from 'kysely';
import { createDirectory } from './directory.ts';
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

export interface StoreParts {
  readonly library: SqliteLibrary;
  readonly path: string;
  readonly now: () => number;
  readonly newObjectId: () => string;
}

/** Throws what the engine throws: `storeFault` tells what it means. */
export async function openStore(parts: StoreParts): Promise<Store> {
  keepPrivate(parts.path);
  const writer = connect(parts, { readOnly: false });
  try {
    await migrate(writer);
    await seedPlatform(writer, parts);
    return createStore({ ...parts, writer, reader: connect(parts, { readOnly: true }) });
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/** Made before SQLite does, which would let the group and others read it; its journals take the same mode. */
function keepPrivate(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

function connect({ library, path }: StoreParts, { readOnly }: { readOnly: boolean }): Kysely<Tables> {
  const database = new library.DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
  try {
    configure(database, readOnly);
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: sqliteDialect(database) });
}

function configure(database: Database, readOnly: boolean): void {
  database.exec('pragma foreign_keys = on');
  if (readOnly) return;
  database.exec('pragma journal_mode = wal');
  database.exec('pragma synchronous = normal');
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
}

function createStore(parts: Connections): Store {
  const { reader, writer } = parts;
  const transactions = createTransactions(parts);
  return {
    directory: createDirectory(reader),
    platform: { read: reader, write: transactions.audited, upkeep: transactions.plain },
    organization: (organizationId) => within({ organizationId, viewer: null }, reader, transactions),
    async ping() {
      await reader.selectFrom('organizations').select('id').limit(1).execute();
    },
    async [Symbol.asyncDispose]() {
      await reader.destroy();
      await writer.destroy();
    },
  };
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
