/** Every change of the tables, in order. A published one is never edited: a new one is added. */
import { Migrator, type Kysely, type Migration } from 'kysely';
import { openFault } from '../fault.ts';
import type { Tables } from '../tables.ts';
import { firstTables } from './0001-first-tables.ts';
import { groups } from './0002-groups.ts';
import { signIn } from './0003-sign-in.ts';
import { commands } from './0004-commands.ts';
import { recordings } from './0005-recordings.ts';
import { audit } from './0006-audit.ts';
import { community } from './0007-community.ts';
import { machineLists } from './0008-machine-lists.ts';
import { triesByName } from './0009-tries-by-name.ts';
import { revokedCommands } from './0010-revoked-commands.ts';
import { machineFigures } from './0011-machine-figures.ts';
import { rawRecordings } from './0012-raw-recordings.ts';

const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables,
  '0002-groups': groups,
  '0003-sign-in': signIn,
  '0004-commands': commands,
  '0005-recordings': recordings,
  '0006-audit': audit,
  '0007-community': community,
  '0008-machine-lists': machineLists,
  '0009-tries-by-name': triesByName,
  '0010-revoked-commands': revokedCommands,
  '0011-machine-figures': machineFigures,
  '0012-raw-recordings': rawRecordings,
};

/** The store has changes that this version of the program does not know. */
class StoreIsNewer extends Error {
  readonly code = 'ERR_STORE_NEWER';
}

/** Brings the tables up to date, in one transaction: all of it or nothing. Safe to run again, and by two processes at once. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error, results } = await migrator(db, { disableTransactions: false }).migrateToLatest();
  if (error === undefined) return;
  // Nothing was tried: it is about what was done before.
  const unknown = results === undefined && openFault(error) === null ? await unknownChanges(db) : [];
  if (unknown.length > 0) throw new StoreIsNewer(`unknown changes: ${unknown.join(', ')}`);
  throw wrapped(error);
}

/** Within a transaction that has begun already, as far as this change. Null: all of them. */
export async function migrateWithin(db: Kysely<Tables>, last: string | null): Promise<void> {
  const inside = migrator(db, { disableTransactions: true });
  const { error } = await (last === null ? inside.migrateToLatest() : inside.migrateTo(last));
  if (error !== undefined) throw wrapped(error);
}

export const changesKnown: readonly string[] = Object.keys(migrations).toSorted();

/** In the order in which they were done. */
export async function changesDone(db: Kysely<Tables>): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return [];
  const done = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute();
  return done.map(({ name }) => name);
}

function migrator(db: Kysely<Tables>, { disableTransactions }: { disableTransactions: boolean }): Migrator {
  const provider = { getMigrations: () => Promise.resolve({ ...migrations }) };
  return new Migrator({ db, provider, disableTransactions });
}

function wrapped(error: unknown): Error {
  return error instanceof Error ? error : new Error('a migration failed', { cause: error });
}

/** What was done to the store by some version of the program, and not by this one. */
async function unknownChanges(db: Kysely<Tables>): Promise<readonly string[]> {
  return (await changesDone(db)).filter((name) => !changesKnown.includes(name));
}
