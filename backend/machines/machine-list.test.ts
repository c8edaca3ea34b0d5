import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newObjectId, someTime, temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { planOf, watchedEngine } from '../../test/service/watched-engine.ts';
import { batchesOf } from '../store/batches.ts';
import type { Viewer } from '../store/store.ts';
import { machineFigures } from './dashboard-handlers.ts';
import { listMachines } from './machine-list.ts';

const COUNT = 10_000;
const at = new Date(someTime);
const soon = new Date(someTime + 1000).toISOString();
const padded = (i: number): string => String(i).padStart(5, '0');

describe('a list of ten thousand machines', () => {
  const { library, ran } = watchedEngine();
  let temporary: TemporaryStore;
  let admin: Viewer;
  let user: Viewer;
  let organizationId: string;

  beforeAll(async () => {
    temporary = await temporaryStore(library);
    const acme = await temporary.addOrganization('acme');
    const other = await temporary.addOrganization('other');
    const userId = await temporary.addUser(acme.id, 'somebody');
    admin = { userId: acme.adminId, role: 'company_admin' };
    user = { userId, role: 'user' };
    organizationId = acme.id;
    await temporary.store.organization(acme.id).upkeep((tx) => tx.deleteFrom('machines').execute());
    await fill(acme.id, acme.adminId, COUNT);
    await fill(acme.id, userId, 3);
    await fill(other.id, other.adminId, 100);
  });
  afterAll(() => temporary[Symbol.asyncDispose]());

  /** A third each: pending, offline, online. */
  const fill = async (of: string, ownerId: string, count: number): Promise<void> => {
    const rows = Array.from({ length: count }, (_, i) => ({
      id: newObjectId(),
      agent_id: crypto.randomUUID(),
      owner_id: ownerId,
      name: `machine-${padded(i)}`,
      description: '',
      tags: JSON.stringify(i % 10 === 0 ? ['tenth'] : []),
      created_at: at.toISOString(),
      metadata: '{}',
      public_key: i % 3 === 0 ? null : 'k',
      online_until: i % 3 === 2 ? soon : null,
    }));
    await temporary.store.organization(of).upkeep(async (tx) => {
      for (const batch of batchesOf(rows)) await tx.insertInto('machines').values(batch).execute();
    });
  };
  const list = async (viewer: Viewer, query: Parameters<typeof listMachines>[1]) => {
    ran.length = 0;
    const { read } = temporary.store.organization(organizationId).seenBy(viewer);
    return listMachines({ read, account: { tenantId: 'acme' } }, query, at);
  };

  it('reads a page, and counts the rest without reading it', async () => {
    const answer = await list(admin, { page: 100, limit: 50 });
    expect(answer.total).toBe(COUNT + 3);
    expect(answer.machines).toHaveLength(50);
    expect(answer.machines[0]?.name).toBe('machine-04947');
    expect(ran.map(({ rows }) => rows)).toEqual([50, 1]);
  });

  it('finds it in the order of an index, sorting nothing', async () => {
    await list(admin, { page: 2, limit: 50 });
    for (const each of ran) {
      const plan = planOf(temporary.path, each);
      expect(plan).toContain('USING');
      expect(plan).toMatch(/SEARCH machines .*INDEX machines_\w+ \(organization_id=\?/);
      expect(plan).not.toMatch(/TEMP B-TREE|SCAN/);
    }
  });

  it('tells each status by itself, as the machines say', async () => {
    for (const [status, count] of [
      ['pending', 3334 + 1],
      ['offline', 3333 + 1],
      ['online', 3333 + 1],
    ] as const) {
      const answer = await list(admin, { status, page: 1, limit: 200 });
      expect(answer.total).toBe(count);
      expect(new Set(answer.machines.map((machine) => machine.status))).toEqual(new Set([status]));
    }
    const later = { read: temporary.store.organization(organizationId).read, account: { tenantId: 'acme' } };
    const afterwards = await listMachines(later, { status: 'online', limit: 1 }, new Date(someTime + 2000));
    expect(afterwards).toEqual({ machines: [], total: 0 });
  });

  it('combines what it is asked for', async () => {
    const answer = await list(admin, { q: 'MACHINE-0', tag: 'tenth', status: 'online', limit: 5 });
    expect(answer.total).toBe(333);
    expect(answer.machines.map(({ name }) => name)).toEqual([20, 50, 80, 110, 140].map((i) => `machine-${padded(i)}`));
  });

  it('looks at a few that were found once, and at none for what stands for itself', async () => {
    expect((await list(admin, { q: 'hine-0001', limit: 50 })).total).toBe(10);
    expect(ran).toHaveLength(1);
    expect((await list(admin, { q: 'machine_00', limit: 50 })).total).toBe(0);
    expect((await list(admin, { q: '%', limit: 50 })).total).toBe(0);
    expect((await list(admin, { q: String.raw`\\`, limit: 50 })).total).toBe(0);
  });

  it('shows somebody else only what is theirs', async () => {
    const answer = await list(user, { page: 1, limit: 2 });
    expect(answer.total).toBe(3);
    expect(answer.machines.map(({ name }) => name)).toEqual(['machine-00000', 'machine-00001']);
  });

  it('is whole, and has no count, for who does not page', async () => {
    const answer = await list(admin, {});
    expect(answer.machines).toHaveLength(COUNT + 3);
    expect(answer).not.toHaveProperty('total');
    expect(ran).toHaveLength(1);
  });

  it('is added up for the dashboard from an index alone', async () => {
    const { read } = temporary.store.organization(organizationId).seenBy(admin);
    ran.length = 0;
    expect(await machineFigures(read, at)).toMatchObject({ online: 3334, offline: 3334, pending: 3335, cpu: null });
    const [only, ...more] = ran.map((each) => planOf(temporary.path, each));
    expect(more).toEqual([]);
    expect(
      only?.match(/machines USING COVERING INDEX machines_by_status \(organization_id=\? AND public_key/g),
    ).toHaveLength(3);
    expect(only?.match(/ machines /g)).toHaveLength(3);
  });
});
