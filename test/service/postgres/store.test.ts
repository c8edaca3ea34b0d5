import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serviceActor } from '../../../backend/store/audit.ts';
import { openFault, storeFault } from '../../../backend/store/fault.ts';
import { openStore } from '../../../backend/store/open.ts';
import { PLATFORM, type Store } from '../../../backend/store/store.ts';
import { startBackend } from '../backend.ts';
import { newObjectId, someTime, temporaryStore } from '../store.ts';
import { makeDatabase, type TestDatabase } from './database.ts';
import { sql } from './sql.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await makeDatabase({ empty: true });
});
afterEach(() => database[Symbol.asyncDispose]());

const open = (databaseUrl = database.url): Promise<Store> =>
  openStore({ place: { databaseUrl }, now: () => someTime, newObjectId });
const run = (statement: string) => sql(database.url, statement);
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );
const answered = [() => true, () => false] as const;
const count = (store: Store, key: string, tries: number) =>
  store.platform.upkeep((tx) => tx.insertInto('login_throttles').values({ key, tries, last_try_at: 'x' }).execute());

/** Ends every connection but its own, as a server that restarts does. */
const cut = () =>
  run(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );

describe('opening the store', () => {
  it('makes its tables once, also where several servers start at once', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const rows = await stores[2].platform.read.selectFrom('organizations').select('slug').execute();
    expect(rows).toEqual([{ slug: PLATFORM.slug }]);
    for (const store of stores) await store[Symbol.asyncDispose]();
  });

  it('refuses what a newer program has changed, and leaves it as it was', async () => {
    await (await open())[Symbol.asyncDispose]();
    await run(`insert into kysely_migration values ('9999-from-the-future', 'x')`);
    expect(openFault(await failure(open()))).toBe('newer');
  });

  it('tells a server that is not there from one that refuses', async () => {
    const nowhere = new URL(database.url);
    nowhere.port = '1';
    expect(openFault(await failure(open(nowhere.href)))).toBe('unreachable');
    const unknown = new URL(database.url);
    unknown.pathname = '/no_such_database';
    expect(openFault(await failure(open(unknown.href)))).toBe('refused');
    const stranger = new URL(database.url);
    stranger.username = 'nobody';
    expect(openFault(await failure(open(stranger.href)))).toBe('refused');
  });
});

describe('a query', () => {
  it('means what it means on SQLite: order of text, LIKE, numbers, nothing in a list', async () => {
    await using store = await open();
    for (const [i, key] of ['a', 'B', 'ä', 'Z', 'b_c', 'bxc'].entries()) await count(store, key, 3_000_000_000 + i);
    const all = store.platform.read.selectFrom('login_throttles');
    const keys = async (query: typeof all) =>
      (await query.select('key').orderBy('key').execute()).map(({ key }) => key);
    expect(await keys(all)).toEqual(['B', 'Z', 'a', 'b_c', 'bxc', 'ä']);
    expect(await keys(all.where('key', 'like', 'B%'))).toEqual(['B', 'b_c', 'bxc']);
    expect(await keys(all.where('key', 'like', String.raw`b\_c`))).toEqual(['b_c']);
    expect(await keys(all.where('key', 'like', 'Ä'))).toEqual([]);
    expect(await keys(all.where('key', 'in', []))).toEqual([]);
    expect(await keys(all.where('key', 'not in', []))).toHaveLength(6);
    const sums = all.select((eb) => [
      eb.fn.sum('tries').as('sum'),
      eb.fn.countAll().as('count'),
      eb.fn.avg('tries').as('mean'),
    ]);
    expect(await sums.executeTakeFirst()).toEqual({ sum: 18_000_000_015, count: 6, mean: 3_000_000_002.5 });
  });

  it('refuses what cannot be stored alike', async () => {
    await using store = await open();
    await expect(count(store, 'a\0b', 1)).rejects.toThrow(/NUL/);
    await expect(count(store, 'a', Number.NaN)).rejects.toThrow(/cannot be stored/);
  });
});

describe('two servers of one database', () => {
  it('never count the same thing twice: a write of an organization waits for the other’s', async () => {
    await using made = await temporaryStore();
    const { id } = await made.addOrganization('acme');
    const { databaseUrl } = made;
    await using other = await open(databaseUrl);
    /** Reads, then writes what it read and one more: lost where two did it at once. */
    const raise = (store: Store) =>
      store.organization(id).write(serviceActor, async (tx) => {
        const { description } = await tx.selectFrom('machines').select('description').executeTakeFirstOrThrow();
        await tx
          .updateTable('machines')
          .set({ description: String(Number(description) + 1) })
          .execute();
        return { value: null, audit: { action: 'raised' } };
      });
    await Promise.all(Array.from({ length: 40 }, (_, i) => raise(i % 2 === 0 ? made.store : other)));
    const [machine] = await other.organization(id).read.selectFrom('machines').select('description').execute();
    expect(machine).toEqual({ description: '40' });
  });

  it('let a write of the platform see an organization’s, and the other way round', async () => {
    await using made = await temporaryStore();
    const { id, adminId } = await made.addOrganization('acme');
    await using other = await open(made.databaseUrl);
    const steps: string[] = [];
    const gate = new EventEmitter();
    const first = made.store.organization(id).upkeep(async (tx) => {
      await tx.updateTable('users').set({ first_name: 'Changed' }).execute();
      steps.push('changed');
      await once(gate, 'open');
    });
    await expect.poll(() => steps).toEqual(['changed']);
    const second = other.platform.upkeep((tx) =>
      tx.selectFrom('users').select('first_name').where('id', '=', adminId).executeTakeFirst(),
    );
    gate.emit('open');
    await first;
    expect(await second).toEqual({ first_name: 'Changed' });
  });
});

describe('a database server that goes away', () => {
  it('breaks no more than what was under way', async () => {
    await using store = await open();
    await count(store, 'before', 1);
    await cut();
    await expect.poll(() => store.ping().then(...answered)).toBe(true);
    await expect.poll(() => count(store, 'after', 1).then(...answered)).toBe(true);
  });

  it('is told by a code in the middle of a write, which leaves nothing', async () => {
    await using store = await open();
    const error = await failure(
      store.platform.upkeep(async (tx) => {
        await tx.insertInto('login_throttles').values({ key: 'half', tries: 1, last_try_at: 'x' }).execute();
        await cut();
        await tx.insertInto('login_throttles').values({ key: 'whole', tries: 1, last_try_at: 'x' }).execute();
      }),
    );
    expect(storeFault(error)).toBe('unreachable');
    await expect.poll(() => store.ping().then(...answered)).toBe(true);
    expect(await store.platform.read.selectFrom('login_throttles').select('key').execute()).toEqual([]);
  });

  it('makes a server not ready, and its requests unavailable', async () => {
    const environment = { DATABASE_URL: database.url, JWT_SECRET: 'of a test, and long enough to be one' };
    await using backend = await startBackend({ environment });
    const account = await backend.signUp();
    const { token } = await backend.signIn(account);
    await database[Symbol.asyncDispose]();
    await expect.poll(async () => (await backend.request('GET', '/ready')).status).toBe(503);
    const answer = await backend.request('GET', '/api/users/me', { token });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(answer.body)).not.toMatch(/postgres|database "|sql/i);
    database = await makeDatabase({ empty: true });
  });
});
