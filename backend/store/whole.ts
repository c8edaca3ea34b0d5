/** The store as a whole: read as one moment had it, or replaced in one transaction. Both engines hold the same rows. */
import { CompiledQuery, sql, type Kysely } from 'kysely';
import { batchesOf } from './batches.ts';
import { changesDone, changesKnown, migrateWithin } from './migrations/migrations.ts';
import type { StorePlace } from './open.ts';
import { connectAlone as connectPostgres, keepOthersOut } from './postgres/engine.ts';
import { connectAlone as connectSqlite } from './sqlite/engine.ts';
import { PLATFORM } from './store.ts';
import type { Tables } from './tables.ts';

type Rows = readonly Readonly<Record<string, string | number | null>>[];
/** Whatever tables there are: those of a backup may be older than those the program knows. */
type AnyTables = Record<string, Record<string, string | number | null>>;

export interface Snapshot extends AsyncDisposable {
  /** The changes of the tables that were done. */
  readonly changes: readonly string[];
  /** A table after those that its keys point to. */
  tables(): AsyncGenerator<{ readonly table: string; readonly rows: Rows }>;
}

const PART = 200;
/** SQLite takes 32,766 values in a statement. */
const MOST_VALUES = 30_000;

/** Others go on writing meanwhile: nothing of that is in it. */
export async function snapshot(place: StorePlace): Promise<Snapshot> {
  const db = connect(place, 'reading');
  try {
    const reading = db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only');
    const tx = await reading.execute();
    const changes = await changesDone(tx);
    return {
      changes,
      async *tables() {
        for (const table of await tablesOf(tx, place)) {
          let rows: Record<string, string | number | null>[] = [];
          for await (const row of any(tx).selectFrom(table).selectAll().stream(PART)) {
            rows.push(row);
            if (rows.length < PART) continue;
            yield { table, rows };
            rows = [];
          }
          if (rows.length > 0) yield { table, rows };
        }
      },
      async [Symbol.asyncDispose]() {
        await tx.rollback().execute();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

export interface Examined {
  /** Changes that a newer version of the program has made, and those that this one would make. */
  readonly unknown: readonly string[];
  readonly missing: readonly string[];
  /** When the newest entry of any audit was made. */
  readonly newest: string | null;
}

/** Changes nothing. Connecting looks at every page of a file that is not too large. */
export async function examineWhole(place: StorePlace): Promise<Examined> {
  const db = connect(place, 'reading');
  try {
    const done = await changesDone(db);
    const newest = done.length === 0 ? null : await newestEntry(db);
    return {
      unknown: done.filter((name) => !changesKnown.includes(name)),
      missing: changesKnown.filter((name) => !done.includes(name)),
      newest,
    };
  } finally {
    await db.destroy();
  }
}

async function newestEntry(db: Kysely<Tables>): Promise<string | null> {
  const { newest } = await db
    .selectFrom('audit_entries')
    .select((eb) => eb.fn.max('created_at').as('newest'))
    .executeTakeFirstOrThrow();
  return newest;
}

export interface Replacing {
  /** The change up to which the tables are made before they are filled. */
  readonly lastChange: string | null;
  /** What is there already may go. */
  readonly evenIfFull: boolean;
  readonly fill: (insert: (table: string, rows: Rows) => Promise<void>) => Promise<void>;
  /** The last act in the same transaction, when the tables are up to date. */
  readonly finish: (tx: Kysely<Tables>) => Promise<void>;
}
export type Replaced = 'replaced' | 'not-empty' | 'in-use';

/** All of it or nothing: what was there stays until everything new is. */
export async function replaceWhole(place: StorePlace, wish: Replacing): Promise<Replaced> {
  const db = connect(place, 'replacing');
  try {
    return await db.connection().execute(async (one) => {
      if ('databaseUrl' in place && !(await keepOthersOut(one))) return 'in-use';
      const run = (text: string) => one.executeQuery(CompiledQuery.raw(text));
      await run('databaseUrl' in place ? 'begin' : 'begin immediate');
      try {
        const isFull = !wish.evenIfFull && (await hasAccounts(one, place));
        if (!isFull) await replaceTables(one, place, wish);
        await run(isFull ? 'rollback' : 'commit');
        return isFull ? 'not-empty' : 'replaced';
      } catch (error) {
        await run('rollback').catch(() => null); // the first error says why
        throw error;
      }
    });
  } finally {
    await db.destroy();
  }
}

async function replaceTables(one: Kysely<Tables>, place: StorePlace, wish: Replacing): Promise<void> {
  const old = await tablesOf(one, place, { own: true });
  for (const table of old.toReversed()) await one.schema.dropTable(table).execute();
  await migrateWithin(one, wish.lastChange);
  await wish.fill(async (table, rows) => {
    const atOnce = Math.max(1, Math.floor(MOST_VALUES / Object.keys(rows[0] ?? {}).length));
    for (const batch of batchesOf(rows, atOnce)) await any(one).insertInto(table).values(batch).execute();
  });
  await migrateWithin(one, null);
  await wish.finish(one);
}

/** Somebody signed up, or was made: more than an empty store that was opened once. */
export async function hasAccounts(db: Kysely<Tables>, place: StorePlace): Promise<boolean> {
  const tables = await tablesOf(db, place);
  if (!tables.includes('users')) return tables.length > 0;
  const user = await db.selectFrom('users').select('id').limit(1).executeTakeFirst();
  const organization = await db
    .selectFrom('organizations')
    .select('id')
    .where('id', '!=', PLATFORM.id)
    .executeTakeFirst();
  return (user ?? organization) !== undefined;
}

function connect(place: StorePlace, purpose: 'reading' | 'replacing'): Kysely<Tables> {
  return 'databaseUrl' in place ? connectPostgres(place.databaseUrl, purpose) : connectSqlite(place, purpose);
}

function any(db: Kysely<Tables>): Kysely<AnyTables> {
  return db.withTables<AnyTables>();
}

/** In the order in which they were made. With `own`, also those that keep count of the changes. */
async function tablesOf(db: Kysely<Tables>, place: StorePlace, { own = false } = {}): Promise<readonly string[]> {
  const made =
    'databaseUrl' in place
      ? sql<{
          name: string;
        }>`select relname as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by oid`
      : sql<{
          name: string;
        }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by rowid`;
  const { rows } = await made.execute(db);
  return rows.map(({ name }) => name).filter((name) => own || !name.startsWith('kysely_'));
}
