import { DatabaseSync } from '@photostructure/sqlite';
import { Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { someTime, temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { narrow } from './narrow.ts';
import { sqliteDialect } from './sqlite/dialect.ts';
import type { OrganizationStore, Viewer } from './store.ts';
import type { Tables } from './tables.ts';

let made: TemporaryStore;
let acme: Awaited<ReturnType<TemporaryStore['addOrganization']>>;
let other: typeof acme;
let within: OrganizationStore;

beforeAll(async () => {
  made = await temporaryStore();
  acme = await made.addOrganization('acme');
  other = await made.addOrganization('other');
  within = made.store.organization(acme.id);
});
afterAll(() => made[Symbol.asyncDispose]());

const at = new Date(someTime).toISOString();

describe('a query that forgets the organization', () => {
  it('reads its own rows only', async () => {
    const rows = await within.read.selectFrom('machines').select('name').execute();
    expect(rows).toEqual([{ name: 'acme-machine' }]);
  });

  it('reads its own rows only under another name, in a join, a left join and a subquery', async () => {
    const aliased = await within.read.selectFrom('machines as m').select('m.name').execute();
    expect(aliased).toEqual([{ name: 'acme-machine' }]);

    const joined = await within.read
      .selectFrom('machines as m')
      .innerJoin('users as u', (join) => join.onTrue())
      .select(['m.name', 'u.username'])
      .execute();
    expect(joined).toEqual([{ name: 'acme-machine', username: 'acme-admin' }]);

    const left = await within.read
      .selectFrom('users as u')
      .leftJoin('machines as m', (join) => join.onTrue())
      .select('m.name')
      .execute();
    expect(left).toEqual([{ name: 'acme-machine' }]);

    const nested = await within.read
      .selectFrom((eb) => eb.selectFrom('machines').select('name').as('inner'))
      .select('inner.name')
      .execute();
    expect(nested).toEqual([{ name: 'acme-machine' }]);

    const counted = await within.read
      .selectFrom('users')
      .select((eb) =>
        eb
          .selectFrom('machines')
          .select((m) => m.fn.countAll<number>().as('n'))
          .as('machines'),
      )
      .execute();
    expect(counted).toEqual([{ machines: 1 }]);
  });

  it('is not widened by an OR of its own, nor by a union', async () => {
    const either = await within.read
      .selectFrom('machines')
      .select('name')
      .where((eb) => eb.or([eb('name', '=', 'other-machine'), eb('name', '!=', 'x')]))
      .orderBy('name', 'desc')
      .execute();
    expect(either).toEqual([{ name: 'acme-machine' }]);
    const union = await within.read
      .selectFrom('machines')
      .select('name')
      .unionAll(within.read.selectFrom('machines').select('name'))
      .execute();
    expect(union).toEqual([{ name: 'acme-machine' }, { name: 'acme-machine' }]);
  });

  it('changes and deletes its own rows only', async () => {
    await within.upkeep(async (tx) => {
      const changed = await tx.updateTable('machines').set({ description: 'mine' }).executeTakeFirstOrThrow();
      expect(changed.numUpdatedRows).toBe(1n);
      const byId = await tx.deleteFrom('machines').where('id', '=', other.machine.id).executeTakeFirstOrThrow();
      expect(byId.numDeletedRows).toBe(0n);
    });
    const foreign = await made.store.organization(other.id).read.selectFrom('machines').selectAll().execute();
    expect(foreign).toMatchObject([{ id: other.machine.id, description: '' }]);
  });

  it('cannot take over a foreign row by upsert', async () => {
    const row = {
      id: other.machine.id,
      agent_id: crypto.randomUUID(),
      owner_id: acme.adminId,
      name: 'stolen',
      description: '',
      tags: '[]',
      metadata: '{}',
      created_at: at,
    };
    await within.upkeep((tx) =>
      tx
        .insertInto('machines')
        .values(row)
        .onConflict((oc) => oc.column('id').doUpdateSet({ name: 'stolen' }))
        .execute(),
    );
    const foreign = await made.store.organization(other.id).read.selectFrom('machines').select('name').execute();
    expect(foreign).toEqual([{ name: 'other-machine' }]);
  });

  it('gives what it makes to its own organization, and cannot tie it to a foreign row', async () => {
    const grant = {
      machine_id: other.machine.id,
      user_id: acme.adminId,
      machine_role: 'sudo',
      granted_by: acme.adminId,
      created_at: at,
    } as const;
    await expect(within.upkeep((tx) => tx.insertInto('machine_grants').values(grant).execute())).rejects.toThrow(
      /foreign key/i,
    );
    await within.upkeep((tx) =>
      tx
        .insertInto('machine_grants')
        .values([{ ...grant, machine_id: acme.machine.id }])
        .execute(),
    );
    const mine = await within.read.selectFrom('machine_grants').select('organization_id').execute();
    expect(mine).toEqual([{ organization_id: acme.id }]);
  });
});

describe('a query whose reach is not understood', () => {
  /** More than a handler is handed: every table, and all that Kysely can say. */
  let db: Kysely<Tables>;
  beforeAll(() => {
    const dialect = sqliteDialect(new DatabaseSync(':memory:'));
    db = new Kysely<Tables>({ dialect, plugins: [narrow({ organizationId: acme.id, viewer: null })] });
  });
  afterAll(() => db.destroy());

  const cases: Record<string, () => { execute(): Promise<unknown> }> = {
    'raw SQL as a condition': () =>
      db
        .selectFrom('machines')
        .selectAll()
        .where(sql<boolean>`1 = 1`),
    'raw SQL as a table': () => db.selectFrom(sql<{ id: string }>`machines`.as('m')).select('m.id'),
    'raw SQL as an order': () =>
      db
        .selectFrom('machines')
        .select('id')
        .orderBy(sql`name`),
    'a common table expression': () =>
      db
        .with('everything', (q) => q.selectFrom('machines').selectAll())
        .selectFrom('everything')
        .selectAll(),
    'a right join': () =>
      db
        .selectFrom('users')
        .rightJoin('machines', (j) => j.onTrue())
        .select('machines.name'),
    'a full join': () =>
      db
        .selectFrom('users')
        .fullJoin('machines', (j) => j.onTrue())
        .select('machines.name'),
    'a cross join': () => db.selectFrom('users').crossJoin('machines').select('machines.name'),
    'an update from': () => db.updateTable('machines').from('users').set({ name: 'x' }),
    'a delete using': () => db.deleteFrom('machines').using('users'),
    'an insert from a select': () =>
      db.insertInto('machine_grants').columns(['machine_id']).expression(db.selectFrom('machines').select('id')),
    replace: () => db.replaceInto('sign_in_accounts').values({ sign_in_id: 'x', user_id: 'y' }),
    'default values': () => db.insertInto('machines').defaultValues(),
    'another schema': () => db.withSchema('main').selectFrom('machines').selectAll(),
    merge: () => db.mergeInto('machines').using('users', 'users.id', 'machines.owner_id').whenMatched().thenDelete(),
    'a change of the tables': () => db.schema.dropTable('machines'),
    'a table that no organization owns': () => db.selectFrom('sign_ins').selectAll(),
    'the list of organizations': () => db.selectFrom('organizations').selectAll(),
    'a join with sign-ins': () =>
      db.selectFrom('users').innerJoin('sign_in_accounts', 'user_id', 'users.id').select('sign_in_id'),
    'a change of the audit': () => db.updateTable('audit_entries').set({ action: 'x' }),
    'a deletion from the audit': () => db.deleteFrom('audit_entries'),
    'an organization set by hand': () =>
      db.insertInto('machine_grants').values({
        organization_id: other.id,
        machine_id: other.machine.id,
        user_id: other.adminId,
        machine_role: 'sudo',
        granted_by: other.adminId,
        created_at: at,
      }),
  };

  it.each(Object.keys(cases))('is refused: %s', async (name) => {
    await expect((async () => cases[name]?.().execute())()).rejects.toThrow(/within an organization cannot use/);
  });
});

const seenBy = (userId: string, role: Viewer['role'] = 'user'): OrganizationStore => within.seenBy({ userId, role });
const machinesIn = async (store: OrganizationStore): Promise<string[]> => {
  const rows = await store.read.selectFrom('machines').select('name').orderBy('name').execute();
  return rows.map(({ name }) => name);
};
const sessionsOf = async (userId: string): Promise<string[]> => {
  const found = await seenBy(userId).read.selectFrom('sessions').select('id').orderBy('id').execute();
  return found.map(({ id }) => id);
};

describe('what a user of an organization sees', () => {
  let ada: string;
  let bob: string;
  let adas: { id: string; agentId: string };
  beforeAll(async () => {
    ada = await made.addUser(acme.id, 'ada');
    bob = await made.addUser(acme.id, 'bob');
    adas = await made.addMachine(acme.id, ada, 'adas-machine');
  });

  it('is the machines it owns; an admin sees all of them', async () => {
    expect(await machinesIn(seenBy(ada))).toEqual(['adas-machine']);
    expect(await machinesIn(seenBy(bob))).toEqual([]);
    expect(await machinesIn(seenBy(acme.adminId, 'company_admin'))).toEqual(['acme-machine', 'adas-machine']);
  });

  it('is a machine that was granted to it, until the grant is gone', async () => {
    const grant = { machine_id: adas.id, user_id: bob, machine_role: 'sudo', granted_by: ada, created_at: at } as const;
    await within.upkeep((tx) => tx.insertInto('machine_grants').values(grant).execute());
    expect(await machinesIn(seenBy(bob))).toEqual(['adas-machine']);
    await within.upkeep((tx) => tx.deleteFrom('machine_grants').where('user_id', '=', bob).execute());
    expect(await machinesIn(seenBy(bob))).toEqual([]);
  });

  it('is its own sessions and all of them on machines it owns', async () => {
    const session = (id: string, userId: string, machineId: string) => ({
      id,
      machine_id: machineId,
      agent_id: adas.agentId,
      machine_name: 'x',
      user_id: userId,
      username: 'x',
      open_id: id,
      source: 'cli' as const,
      machine_role: 'non-sudo' as const,
      cols: 80,
      rows: 24,
      bytes_out: 0,
      started_at: at,
    });
    const rows = [
      session('bob on adas', bob, adas.id),
      session('ada on acme', ada, acme.machine.id),
      session('admin on acme', acme.adminId, acme.machine.id),
    ];
    await within.upkeep((tx) => tx.insertInto('sessions').values(rows).execute());
    expect(await sessionsOf(ada)).toEqual(['ada on acme', 'bob on adas']);
    expect(await sessionsOf(bob)).toEqual(['bob on adas']);
  });

  it('limits what it can change too', async () => {
    const changed = await seenBy(bob).upkeep((tx) =>
      tx.updateTable('machines').set({ name: 'taken' }).executeTakeFirstOrThrow(),
    );
    expect(changed.numUpdatedRows).toBe(0n);
  });
});
