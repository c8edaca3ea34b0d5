/** Opens the store on the engine of its place, and hands it out narrowed. */
import { QueryCreator, type Kysely, type KyselyPlugin, type Transaction } from 'kysely';
import type { PortalRole } from '../../protocol/api/values.ts';
import { createDirectory } from './directory.ts';
import type { Engine } from './engine.ts';
import { narrow } from './narrow.ts';
import { openPostgres } from './postgres/engine.ts';
import { blankReach, ownValues } from './prepared.ts';
import type { Reach } from './reach.ts';
import { openSqlite, type SqlitePlace } from './sqlite/engine.ts';
import { PLATFORM, type OrganizationStore, type Reads, type Shelf, type Store } from './store.ts';
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
  const readWithin = createReads(reader);
  return {
    directory: createDirectory(reader),
    platform: {
      read: Object.assign(reader.withoutPlugins(), { shelf: shelfOf<Tables>(reader, reader, {}) }),
      write: (work) => transactions.audited(null, work),
      upkeep: (work) => transactions.plain(null, work),
    },
    organization: (organizationId) => within({ organizationId, viewer: null }, readWithin, transactions),
    async ping() {
      await reader.selectFrom('organizations').select('id').limit(1).execute();
    },
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  };
}

function shelfOf<T>(reader: Kysely<Tables>, blank: Reads<T>, own: Shelf<T>['own']): Shelf<T> {
  return { blank, own, ask: (query) => reader.executeQuery(query) };
}

type ReadWithin = (reach: Reach) => Reads<TenantTables>;
function createReads(reader: Kysely<Tables>): ReadWithin {
  const of = (role: PortalRole): Reads<TenantTables> => narrowed(reader, narrow(blankReach(role)));
  const blanks = { user: of('user'), company_admin: of('company_admin'), super_admin: of('super_admin') };
  const whole = narrowed(reader, narrow(blankReach(null)));
  return (reach) => {
    const blank = reach.viewer ? blanks[reach.viewer.role] : whole;
    return Object.assign(narrowed(reader, narrow(reach)), { shelf: shelfOf(reader, blank, ownValues(reach)) });
  };
}

function narrowed(db: Kysely<Tables>, plugin: KyselyPlugin): QueryCreator<TenantTables> {
  return new QueryCreator<TenantTables>({ executor: db.getExecutor().withPlugin(plugin) });
}

function within(reach: Reach, readWithin: ReadWithin, transactions: Transactions): OrganizationStore {
  const { organizationId } = reach;
  const writes = (tx: Transaction<Tables>): QueryCreator<TenantTables> => narrowed(tx, narrow(reach));
  return {
    id: organizationId,
    read: readWithin(reach),
    write: (actor, work) =>
      transactions.audited(organizationId, async (tx) => {
        const end = await work(writes(tx));
        if ('refuse' in end) return end;
        const whose = { actor, organizationId };
        const alsoAudit = (end.alsoAudit ?? []).map((note) => ({ ...note, ...whose }));
        return { value: end.value, audit: { ...end.audit, ...whose }, alsoAudit };
      }),
    upkeep: (work) => transactions.plain(organizationId, (tx) => work(writes(tx))),
    seenBy: (viewer) => within({ ...reach, viewer }, readWithin, transactions),
  };
}
