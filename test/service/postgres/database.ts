/** A database of PostgreSQL for one test, where its project has a server. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { inject } from 'vitest';
import { databaseAt } from './cluster.ts';

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
  await command(adminUrl, `create database ${name} template ${empty ? 'template0' : template}`);
  return {
    url: databaseAt(adminUrl, name),
    [Symbol.asyncDispose]: () => command(adminUrl, `drop database ${name} with (force)`),
  };
}

async function command(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
