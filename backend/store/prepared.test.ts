import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { prepared, type ValueOf } from './prepared.ts';
import type { OrganizationStore, Reads } from './store.ts';
import type { Tables, TenantTables } from './tables.ts';

let made: TemporaryStore;
let acme: Awaited<ReturnType<TemporaryStore['addOrganization']>>;
let other: typeof acme;
let ownerId: string;

beforeAll(async () => {
  made = await temporaryStore();
  acme = await made.addOrganization('acme');
  other = await made.addOrganization('other');
  ownerId = await made.addUser(acme.id, 'owner');
  await made.addMachine(acme.id, ownerId, 'owned');
});
afterAll(() => made[Symbol.asyncDispose]());

const named = (read: Reads<TenantTables>, value: ValueOf<{ name: string; most: number }>) =>
  read.selectFrom('machines').select('name').where('name', '!=', value('name')).orderBy('name').limit(value('most'));
const within = (id: string): OrganizationStore => made.store.organization(id);

describe('a prepared query', () => {
  it('is built once, and answers with the values of each time it is asked', async () => {
    const build = vi.fn((read: Reads<Tables>, value: ValueOf<{ slug: string }>) =>
      read.selectFrom('organizations').select('id').where('slug', '=', value('slug')),
    );
    const ask = prepared(build);
    const { read } = made.store.platform;
    expect(await ask(read, { slug: 'acme' })).toEqual([{ id: acme.id }]);
    expect(await ask(read, { slug: 'other' })).toEqual([{ id: other.id }]);
    expect(await ask(read, { slug: 'nobody' })).toEqual([]);
    expect(build).toHaveBeenCalledTimes(1);
  });

  it('is built once for all organizations, and gives each its own rows only', async () => {
    const build = vi.fn(named);
    const ask = prepared(build);
    const values = { name: '', most: 10 };
    expect(await ask(within(acme.id).read, values)).toEqual([{ name: 'acme-machine' }, { name: 'owned' }]);
    expect(await ask(within(other.id).read, values)).toEqual([{ name: 'other-machine' }]);
    expect(await ask(within(acme.id).read, { name: 'owned', most: 1 })).toEqual([{ name: 'acme-machine' }]);
    expect(build).toHaveBeenCalledTimes(1);
  });

  it('gives each person what that person sees, in whichever order they ask', async () => {
    const ask = prepared(named);
    const values = { name: '', most: 10 };
    const admin = within(acme.id).seenBy({ userId: acme.adminId, role: 'company_admin' });
    const owner = within(acme.id).seenBy({ userId: ownerId, role: 'user' });
    const stranger = within(acme.id).seenBy({ userId: other.adminId, role: 'user' });
    expect(await ask(admin.read, values)).toHaveLength(2);
    expect(await ask(owner.read, values)).toEqual([{ name: 'owned' }]);
    expect(await ask(stranger.read, values)).toEqual([]);
    expect(await ask(within(acme.id).read, values)).toHaveLength(2);
    expect(await ask(owner.read, values)).toEqual([{ name: 'owned' }]);
  });

  it('within a transaction sees what was written there', async () => {
    const ask = prepared(named);
    const values = { name: 'acme-machine', most: 10 };
    const seen = await within(acme.id).upkeep(async (tx) => {
      await tx.updateTable('machines').set({ name: 'renamed' }).where('name', '=', 'owned').execute();
      const found = await ask(tx, values);
      await tx.updateTable('machines').set({ name: 'owned' }).where('name', '=', 'renamed').execute();
      return found;
    });
    expect(seen).toEqual([{ name: 'renamed' }]);
  });

  it('takes no value for what stands for one, nor for whom it is narrowed to', async () => {
    const ask = prepared(named);
    for (const name of ['\0name', '\0own organization', '\0own user']) {
      await expect(ask(within(acme.id).read, { name, most: 1 })).rejects.toThrow(/NUL/);
    }
  });
});
