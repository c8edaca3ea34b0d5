/** Every change of the tables, in order. A published one is never edited: a new one is added. */
import { Migrator, type Kysely, type Migration } from 'kysely';
import type { Tables } from '../tables.ts';
import { firstTables } from './0001-first-tables.ts';
import { groups } from './0002-groups.ts';
import { commands } from './0004-commands.ts';
import { machineLists } from './0008-machine-lists.ts';

const migrations: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables,
  '0002-groups': groups,
  '0004-commands': commands,
  '0008-machine-lists': machineLists,
};

/** Brings the tables up to date, in one transaction: all of it or nothing. Safe to run again, and by two processes at once. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('a migration failed', { cause: error });
}
