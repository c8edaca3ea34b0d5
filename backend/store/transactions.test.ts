import { EventEmitter, once } from 'node:events';
import { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { serviceActor } from './audit.ts';
import type { OrganizationStore } from './store.ts';

let made: TemporaryStore;
let acme: Awaited<ReturnType<TemporaryStore['addOrganization']>>;
let within: OrganizationStore;

beforeAll(async () => {
  made = await temporaryStore();
  acme = await made.addOrganization('acme');
  within = made.store.organization(acme.id);
});
afterAll(() => made[Symbol.asyncDispose]());

const names = async (): Promise<string[]> => {
  const rows = await within.read.selectFrom('machines').select('name').execute();
  return rows.map(({ name }) => name);
};
const actions = async (): Promise<string[]> => {
  const rows = await within.read.selectFrom('audit_entries').select('action').orderBy('seq').execute();
  return rows.map(({ action }) => action);
};

describe('a write', () => {
  it('commits together with its audit entries, which name who did it and from where', async () => {
    const actor = {
      userId: acme.adminId,
      username: 'acme-admin',
      address: '192.0.2.7',
      userAgent: 'test',
      source: 'cli',
    } as const;
    const written = await within.write(actor, async (tx) => {
      await tx.updateTable('machines').set({ name: 'renamed' }).execute();
      return {
        value: 'done',
        audit: { action: 'machine_updated', resource: acme.machine.agentId, detail: { name: 'renamed' } },
        alsoAudit: [{ action: 'second_entry', status: 'failure' }],
      };
    });
    expect(written).toEqual({ value: 'done' });
    expect(await names()).toEqual(['renamed']);
    const entries = await within.read.selectFrom('audit_entries').selectAll().orderBy('seq', 'desc').limit(2).execute();
    expect(entries).toMatchObject([
      { action: 'second_entry', status: 'failure', organization_id: acme.id },
      {
        action: 'machine_updated',
        resource: acme.machine.agentId,
        user_id: acme.adminId,
        username: 'acme-admin',
        ip_address: '192.0.2.7',
        user_agent: 'test',
        source: 'cli',
        status: 'success',
        detail: '{"name":"renamed"}',
      },
    ]);
  });

  it('that refuses leaves nothing, no audit entry either', async () => {
    const before = { names: await names(), actions: await actions() };
    const written = await within.write(serviceActor, async (tx) => {
      await tx.updateTable('machines').set({ name: 'never' }).execute();
      return { refuse: { code: 'name-taken' } };
    });
    expect(written).toEqual({ refuse: { code: 'name-taken' } });
    expect({ names: await names(), actions: await actions() }).toEqual(before);
  });

  it('that throws leaves nothing, and the next one goes on', async () => {
    const before = { names: await names(), actions: await actions() };
    const broken = within.write(serviceActor, async (tx) => {
      await tx.updateTable('machines').set({ name: 'never' }).execute();
      throw new Error('a bug');
    });
    await expect(broken).rejects.toThrow('a bug');
    expect({ names: await names(), actions: await actions() }).toEqual(before);
    await within.write(serviceActor, () => Promise.resolve({ value: null, audit: { action: 'afterwards' } }));
    expect((await actions()).at(-1)).toBe('afterwards');
  });

  it('whose audit entry cannot be stored leaves nothing', async () => {
    const before = await names();
    const broken = within.write(serviceActor, async (tx) => {
      await tx.updateTable('machines').set({ name: 'unseen' }).execute();
      return {
        value: null,
        audit: { action: 'x', detail: { fine: true } },
        alsoAudit: [JSON.parse('{"action":null}')],
      };
    });
    await expect(broken).rejects.toThrow(/not[ -]null/i);
    expect(await names()).toEqual(before);
  });

  it('inside a write is a bug that is told at once, instead of waiting for ever', async () => {
    const nested = within.write(serviceActor, async () => {
      await within.upkeep(() => Promise.resolve());
      return { value: null, audit: { action: 'x' } };
    });
    await expect(nested).rejects.toThrow(/inside another/);
  });

  it('inside a write that waited for another is told of too', async () => {
    const first = within.upkeep(() => Promise.resolve());
    const second = within.upkeep(() => within.upkeep(() => Promise.resolve()));
    await first;
    await expect(second).rejects.toThrow(/inside another/);
  });

  it('waits for the one before it, and is not seen half done', async () => {
    const steps: string[] = [];
    const gate = new EventEmitter();
    const first = within.upkeep(async (tx) => {
      await tx.updateTable('machines').set({ name: 'half' }).execute();
      steps.push('first has written');
      await once(gate, 'open');
      await tx.updateTable('machines').set({ name: 'whole' }).execute();
      steps.push('first ends');
    });
    const second = within.upkeep(async (tx) => {
      steps.push('second begins');
      await tx.updateTable('machines').set({ description: 'second' }).execute();
    });
    await expect.poll(() => steps).toEqual(['first has written']);
    expect(await names()).not.toContain('half');
    gate.emit('open');
    await Promise.all([first, second]);
    expect(steps).toEqual(['first has written', 'first ends', 'second begins']);
    expect(await names()).toEqual(['whole']);
  });
});

describe('the connection for reading', () => {
  it('cannot write', async () => {
    const { read } = made.store.platform;
    if (!(read instanceof Kysely)) throw new Error('not the connection itself');
    await expect(read.deleteFrom('login_throttles').execute()).rejects.toThrow(/read-?only/);
  });
});
