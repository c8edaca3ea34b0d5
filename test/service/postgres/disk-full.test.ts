/** PostgreSQL whose disk is full: its own error of that class at a statement and at the commit, and a disk on which nothing fits any more. */
import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { machines } from '../../../protocol/api/machines.ts';
import { startBackend } from '../backend.ts';
import { databaseAt, startPostgres } from './cluster.ts';
import { makeDatabase } from './database.ts';
import { dataFolderOf, sql } from './sql.ts';

const JWT_SECRET = 'a secret of a test that is long enough';

const full = `create function full_disk() returns trigger language plpgsql as
  $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`;
/** The entry of the audit is the last that a write writes: all else of it is there by then. */
const moments = {
  'at its last statement': 'create trigger full_disk before insert on audit_entries execute function full_disk()',
  'at its commit':
    'create constraint trigger full_disk after insert on audit_entries deferrable initially deferred for each row execute function full_disk()',
};

const run = promisify(execFile);

/** In memory, and small. Null: this computer lets this test mount none. */
async function mountSmallDisk() {
  const folder = mkdtempSync(path.join(tmpdir(), 'webxterm-small-disk-'));
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=0755', 'tmpfs', folder]).catch(() => null);
  if (mounted === null) {
    rmSync(folder, { recursive: true });
    return null;
  }
  return {
    folder,
    grow: () => run('mount', ['-o', 'remount,size=64m', folder]),
    async [Symbol.asyncDispose]() {
      await run('umount', [folder]);
      rmSync(folder, { recursive: true });
    },
  };
}
/** Its server is its own too: while a disk is full no checkpoint succeeds there. */
async function databaseOn(folder: string) {
  const { adminUrl, stop } = await startPostgres();
  try {
    const { uid, gid } = await dataFolderOf(adminUrl);
    const space = path.join(folder, 'space');
    mkdirSync(space);
    for (const owned of [folder, space]) chownSync(owned, uid, gid);
    const made = `create tablespace small_disk location '${space}'`;
    await sql(adminUrl, made, 'create database small_disk tablespace small_disk');
    return { url: databaseAt(adminUrl, 'small_disk'), [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
/** Until not one row more fits. */
async function fillUp(url: string): Promise<void> {
  await sql(url, 'create table filler (text text)');
  for (const rows of [2000, 100, 1]) {
    const filled = (async () => {
      for (;;) await sql(url, `insert into filler select repeat('x', 1500) from generate_series(1, ${rows})`);
    })();
    const error: unknown = await filled.catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ code: '53100' });
  }
}

describe('a database whose disk is full', () => {
  it.each(Object.entries(moments))(
    'refuses a write %s with a code of its own, keeps nothing of it, answers reads, and goes on once there is room',
    async (_moment, fill) => {
      await using database = await makeDatabase();
      const environment = { DATABASE_URL: database.url, JWT_SECRET };
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

      await sql(database.url, full, fill);
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
      const [made, tokens, signIns, entries] = before;
      expect(await counts()).toEqual([made + 1, tokens + 1, signIns, entries + 1]);
    },
  );

  it('does so where there really is no room: each machine that it said is made is there, and no other', async ({
    skip,
  }) => {
    await using disk = await mountSmallDisk();
    if (disk === null) return skip('nothing can be mounted here');
    await using database = await databaseOn(disk.folder);
    await using backend = await startBackend({ environment: { DATABASE_URL: database.url, JWT_SECRET } });
    const { token } = await backend.signIn(await backend.signUp());
    const create = () =>
      backend.request('POST', '/api/machines', { token, body: { name: 'box', description: 'x'.repeat(1000) } });
    await fillUp(database.url);
    let made = 0;
    let answer = await create();
    // what is left of pages that are there already
    for (; made < 500 && answer.status === 201; made++) answer = await create();
    expect(answer).toMatchObject({ status: 503, body: { code: 'storage-full' } });
    const listed = machines.list.answer[200].parse((await backend.request('GET', '/api/machines', { token })).body);
    expect(listed.machines).toHaveLength(made);
    expect((await backend.request('GET', '/ready')).status).toBe(200);

    await disk.grow();
    expect((await create()).status).toBe(201);
    const entries = backend.store.platform.read.selectFrom('audit_entries').where('action', '=', 'machine_registered');
    expect(await entries.selectAll().execute()).toHaveLength(made + 1);
    expect((await backend.request('GET', '/api/audit/verify', { token })).body).toMatchObject({ ok: true });
  });
});
