/** PostgreSQL whose disk is full: its own error of that class, at a statement and at the commit, by the driver and the server as they are. */
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { startBackend } from '../backend.ts';
import { makeDatabase } from './database.ts';

async function sql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
const full = `create function full_disk() returns trigger language plpgsql as
  $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`;
/** The entry of the audit is the last that a write writes: all else of it is there by then. */
const moments = {
  'at its last statement': 'create trigger full_disk before insert on audit_entries execute function full_disk()',
  'at its commit':
    'create constraint trigger full_disk after insert on audit_entries deferrable initially deferred for each row execute function full_disk()',
};

describe('a database whose disk is full', () => {
  it.each(Object.entries(moments))(
    'refuses a write %s with a code of its own, keeps nothing of it, answers reads, and goes on once there is room',
    async (_moment, fill) => {
      await using database = await makeDatabase();
      const environment = { DATABASE_URL: database.url, JWT_SECRET: 'a secret of a test that is long enough' };
      await using backend = await startBackend({ environment });
      const account = await backend.signUp();
      const { token } = await backend.signIn(account);
      const counts = async () => {
        const { read } = backend.store.platform;
        const of = async (table: 'machines' | 'registration_tokens' | 'sign_ins' | 'audit_entries') =>
          (await read.selectFrom(table).selectAll().execute()).length;
        return Promise.all([of('machines'), of('registration_tokens'), of('sign_ins'), of('audit_entries')]);
      };
      const create = () => backend.request('POST', '/api/machines', { token, body: { name: 'box' } });
      const before = await counts();

      await sql(database.url, full);
      await sql(database.url, fill);
      const refused = await create();
      expect(refused).toMatchObject({ status: 503, body: { code: 'storage-full' } });
      expect(JSON.stringify(refused.body)).not.toMatch(/extend|postgres|sql/i);
      const body = { email: account.email, password: account.password };
      const noSignIn = await backend.request('POST', '/api/auth/login', { body });
      expect(noSignIn).toMatchObject({ status: 503, body: { code: 'storage-full' } });
      expect(await counts()).toEqual(before);
      expect((await backend.request('GET', '/api/machines', { token })).status).toBe(200);
      expect((await backend.request('GET', '/ready')).status).toBe(200);

      await sql(database.url, 'drop trigger full_disk on audit_entries');
      expect((await create()).status).toBe(201);
      expect((await backend.request('GET', '/api/audit/verify', { token })).body).toMatchObject({ ok: true });
      const [machines, tokens, signIns, entries] = before;
      expect(await counts()).toEqual([machines + 1, tokens + 1, signIns, entries + 1]);
    },
  );
});
