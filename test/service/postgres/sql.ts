/** Statements said to a PostgreSQL server by a test itself, past the store. */
import { statSync } from 'node:fs';
import { Client } from 'pg';
import { z } from 'zod';

/** One after the other, on a connection of their own. Gives the rows of the last. */
export async function sql(url: string, ...statements: readonly string[]): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const statement of statements) ({ rows } = await client.query<object>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const shown = z.tuple([z.object({ data_directory: z.string() })]);
/** Where the server keeps its data, and whose that is. */
export async function dataFolderOf(url: string) {
  const [{ data_directory: folder }] = shown.parse(await sql(url, 'show data_directory'));
  const { uid, gid } = statSync(folder);
  return { folder, uid, gid };
}
