import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { preparedList } from './listed.ts';
import type { Reads } from './store.ts';
import type { TenantTables } from './tables.ts';

let made: TemporaryStore;
let read: Reads<TenantTables>;
beforeAll(async () => {
  made = await temporaryStore();
  const { id } = await made.addOrganization('acme');
  await made.addUser(id, 'ben');
  await made.addUser(id, 'eve');
  ({ read } = made.store.organization(id));
});
afterAll(() => made[Symbol.asyncDispose]());

const usersIn = preparedList(
  (from: Reads<TenantTables>) => from.selectFrom('users'),
  (found) => found.select('username').orderBy('username'),
);
const list = async (query: Readonly<Record<string, string | number | undefined>>) => {
  const { rows, ...rest } = await usersIn(read, query, (eb) => eb('username', '=', 'eve'));
  return { names: rows.map(({ username }) => username), ...rest };
};

it('a list that is kept has all, or a page of it and how many there are', async () => {
  expect(await list({})).toEqual({ names: ['acme-admin', 'ben', 'eve'] });
  expect(await list({ q: '', status: undefined })).toEqual({ names: ['acme-admin', 'ben', 'eve'] });
  expect(await list({ page: 2, limit: 1 })).toEqual({ names: ['ben'], total: 3 });
  expect(await list({ page: 9, limit: 1 })).toEqual({ names: [], total: 3 });
});

it('is filtered by whatever is asked for, whatever its name', async () => {
  expect(await list({ q: 'e' })).toEqual({ names: ['eve'] });
  expect(await list({ owner: 'somebody', limit: 10 })).toEqual({ names: ['eve'], total: 1 });
});
