import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchesOf, filterOf, pageOf, type ListQuery } from '../../backend/auth/audit/entries.ts';
import { newObjectId, someTime, temporaryStore, type TemporaryStore } from './store.ts';

/** What an organization may have; a look at each of them would show. */
const MANY = 1_000_000;
let made: TemporaryStore;
let big: string;
let small: string;
let somebody: string;
let database: InstanceType<typeof DatabaseSync>;
beforeAll(async () => {
  made = await temporaryStore();
  big = (await made.addOrganization('big')).id;
  small = (await made.addOrganization('small')).id;
  somebody = newObjectId();
  database = new DatabaseSync(made.path);
  fill(big, MANY);
  fill(small, MANY / 100);
}, 300_000);
afterAll(async () => {
  database.close();
  await made[Symbol.asyncDispose]();
});

/** By the engine itself: what the chain is made of does not matter here, how much of it there is does. */
function fill(organizationId: string, many: number): void {
  database.exec('begin');
  database
    .prepare(
      `with recursive n(i) as (select 2 union all select i + 1 from n where i <= ?)
       insert into audit_entries (id, organization_id, seq, prev_hash, hash, action, resource, user_id, username, status, detail, created_at)
       select ? || i, ?, i, 'x', 'x', 'action_' || (i % 7), 'r' || (i % 1000), case when i % 3 = 0 then ? else 'other' end,
         'somebody', case when i % 100 = 0 then 'failure' else 'success' end, '{}',
         strftime('%Y-%m-%dT%H:%M:%fZ', ? / 1000 + i, 'unixepoch') from n`,
    )
    .run(many, organizationId, organizationId, somebody, someTime);
  for (const [word, every] of [
    ['common', 1],
    ['usual', 3],
    ['rare', many / 10],
  ] as const) {
    database
      .prepare(
        `insert into audit_words (organization_id, word, created_at, seq)
         select organization_id, ?, created_at, seq from audit_entries where organization_id = ? and seq > 1 and seq % ? = 0`,
      )
      .run(word, organizationId, every);
  }
  database.exec('commit');
}

const readOf = (organizationId: string) => made.store.organization(organizationId).read;
async function page(organizationId: string, query: Partial<ListQuery>) {
  const read = readOf(organizationId);
  const whole = { page: 1, limit: 50, ...query };
  return pageOf(read, await filterOf(read, whole), whole);
}
async function quickest(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const from = performance.now();
    await work();
    times.push(performance.now() - from);
  }
  return Math.min(...times);
}

const day = new Date(someTime + 50_000_000).toISOString();
const queries: Record<string, () => Partial<ListQuery>> = {
  'nothing filtered': () => ({}),
  'a page in the middle': () => ({ page: 20 }),
  'an action': () => ({ action: 'action_3' }),
  'a user': () => ({ user_id: somebody }),
  'a user and an action': () => ({ user_id: somebody, action: 'action_3' }),
  'a resource': () => ({ resource: 'r7' }),
  failures: () => ({ status: 'failure' }),
  'a time': () => ({ from: day }),
  'an action before some time': () => ({ action: 'action_3', to: day }),
  'a word that is everywhere': () => ({ q: 'common' }),
  'a rare word': () => ({ q: 'rare' }),
  'two words': () => ({ q: 'common usual' }),
  'a rare word and a common one': () => ({ q: 'common rare' }),
  'a rare word and an action': () => ({ q: 'rare', action: 'action_3' }),
  'a word that is nowhere': () => ({ q: 'never' }),
};

describe('a long audit', () => {
  it.each(Object.keys(queries))('costs a page of %s no more than a hundredth of it does', async (name) => {
    const query = queries[name]?.() ?? {};
    const [inBig, inSmall] = [await quickest(() => page(big, query)), await quickest(() => page(small, query))];
    // A look at each entry would cost a hundred times as much; counting up to its bound costs at most some times.
    expect(inBig).toBeLessThan(25 * inSmall + 5);
  });

  it('counts exactly what is not filtered, and what is filtered up to its bound', async () => {
    expect(await page(big, {})).toMatchObject({ total: MANY + 1, isMore: false });
    expect(await page(big, { page: MANY / 50 })).toMatchObject({ rows: { length: 50 } });
    expect(await page(big, { action: 'action_3' })).toMatchObject({ total: 10_000, isMore: true });
    expect(await page(big, { resource: 'r7' })).toMatchObject({ total: MANY / 1000, isMore: false });
    expect(await page(big, { action: 'action_3', page: 200 })).toMatchObject({ rows: { length: 50 } });
    expect(await page(big, { action: 'action_3', page: 201 })).toMatchObject({ rows: [], total: 10_000 });
    expect(await page(big, { q: 'rare' })).toMatchObject({ total: 10 });
  });

  it('is exported in batches, whose size has nothing to do with its own', async () => {
    const read = readOf(big);
    let entries = 0;
    for await (const batch of batchesOf(read, await filterOf(read, { page: 1, limit: 50, action: 'action_3' }), MANY)) {
      expect(batch.length).toBeLessThanOrEqual(500);
      entries += batch.length;
    }
    expect(entries).toBe(Math.floor((MANY + 4) / 7));
  });
});
