/** Opens the store on the engine of its place, and hands it out narrowed. */
import { QueryCreator, type Kysely } from 'kysely';
import { createDirectory } from './directory.ts';
import type { Engine } from './engine.ts';
import { narrow } from './narrow.ts';
import { openPostgres } from './postgres/engine.ts';
import type { Reach } from './reach.ts';
import { openSqlite, type SqlitePlace } from './sqlite/engine.ts';
import { PLATFORM, type OrganizationStore, type Store } from './store.ts';
import type { Tables, TenantTables } from './tables.ts';
import { createTransactions, type Transactions } from './transactions.ts';

/** A file of SQLite, or a database of PostgreSQL. */
export type StorePlace = SqlitePlace | { readonly databaseUrl: string };

export interface StoreParts {
  readonly place: StorePlace;
  readonly now: () => number;
  readonly newObjectId: () => string;
}

/** Throws what the engine throws: `openFault` tells what it means. */
export async function openStore(parts: StoreParts): Promise<Store> {
  const { place } = parts;
  const engine = await ('databaseUrl' in place ? openPostgres(place.databaseUrl) : openSqlite(place));
  try {
    await seedPlatform(engine, parts);
    return createStore(engine, parts);
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
}

/** The platform's own organization: super admins live in it, and its chain takes what concerns no other. */
async function seedPlatform(engine: Engine, { now }: StoreParts): Promise<void> {
  const platform = { ...PLATFORM, display_name: 'Platform', created_at: new Date(now()).toISOString() };
  await engine.write(PLATFORM.id, (tx) =>
    tx
      .insertInto('organizations')
      .values({ ...platform, disabled_at: null })
      .onConflict((oc) => oc.column('id').doNothing())
      .execute(),
  );
}

function createStore(engine: Engine, parts: StoreParts): Store {
  const { reader } = engine;
  const transactions = createTransactions({ ...parts, write: engine.write });
  return {
    directory: createDirectory(reader),
    platform: {
      read: reader,
      write: (work) => transactions.audited(null, work),
      upkeep: (work) => transactions.plain(null, work),
    },
    organization: (organizationId) => within({ organizationId, viewer: null }, reader, transactions),
    async ping() {
      await reader.selectFrom('organizations').select('id').limit(1).execute();
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
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
      transactions.audited(organizationId, async (tx) => {
        const end = await work(narrowed(tx));
        if ('refuse' in end) return end;
        const whose = { actor, organizationId };
        const alsoAudit = (end.alsoAudit ?? []).map((note) => ({ ...note, ...whose }));
        return { value: end.value, audit: { ...end.audit, ...whose }, alsoAudit };
      }),
    upkeep: (work) => transactions.plain(organizationId, (tx) => work(narrowed(tx))),
    seenBy: (viewer) => within({ ...reach, viewer }, reader, transactions),
  };
}
