/** A database of PostgreSQL for one test, where its project has a server. */
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { databaseAt } from './cluster.ts';
import { sql } from './sql.ts';

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

/** Is this run of the tests about PostgreSQL? Their other runs are on SQLite. */
export const onPostgres = (): boolean => inject('postgres') !== undefined;

/** With every table in it, or quite empty. */
export async function makeDatabase({ empty = false }: { empty?: boolean } = {}): Promise<TestDatabase> {
  const cluster = inject('postgres');
  if (!cluster) throw new Error('these tests have no PostgreSQL server');
  const { adminUrl, template } = cluster;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await sql(adminUrl, `create database ${name} template ${empty ? 'template0' : template}`);
  return {
    url: databaseAt(adminUrl, name),
    async [Symbol.asyncDispose]() {
      await sql(adminUrl, `drop database ${name} with (force)`);
    },
  };
}
