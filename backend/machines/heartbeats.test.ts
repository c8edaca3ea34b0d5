import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import type { Message, Topic } from '../bus/bus.ts';
import { createHeartbeats, type Figures, type Heartbeats } from './heartbeats.ts';

const figures = (cpuPercent: number): Figures => ({
  cpu_percent: cpuPercent,
  memory_percent: 50,
  disk_percent: 70,
  network_rx_bytes: 1000,
  network_tx_bytes: 2000,
  uptime_seconds: 3600,
  latencyMs: 1.5,
  at: new Date('2026-02-01T10:00:00Z'),
});

describe('heartbeats', () => {
  let temporary: TemporaryStore;
  let heartbeats: Heartbeats;
  let told: [Topic, unknown][];
  let failures: unknown[];
  let transactions: number;

  beforeEach(async () => {
    temporary = await temporaryStore();
    told = [];
    failures = [];
    transactions = 0;
    heartbeats = createHeartbeats({
      store: {
        organization(id) {
          const organization = temporary.store.organization(id);
          return {
            ...organization,
            async upkeep(work) {
              transactions += 1;
              return organization.upkeep(work);
            },
          };
        },
      },
      bus: {
        publish: <T extends Topic>(topic: T, message: Message<T>) => {
          told.push([topic, message]);
        },
      },
      failed: (error) => failures.push(error),
      now: () => Date.parse('2026-02-01T11:00:00Z'),
      settings: { heartbeatBatchMs: 20, heartbeatLostMs: 120_000 },
    });
  });
  afterEach(async () => {
    await heartbeats[Symbol.asyncDispose]();
    await temporary[Symbol.asyncDispose]();
  });

  const stored = async (organizationId: string, agentId: string) =>
    temporary.store
      .organization(organizationId)
      .read.selectFrom('machines')
      .select(['cpu_percent', 'memory_percent', 'uptime_seconds', 'latency_ms', 'last_active_at'])
      .where('agent_id', '=', agentId)
      .executeTakeFirst();

  it('of many machines are stored in one transaction, the newest of each, then told', async () => {
    const acme = await temporary.addOrganization('acme');
    const second = await temporary.addMachine(acme.id, acme.adminId, 'second');
    const first = { organizationId: acme.id, agentId: acme.machine.agentId };
    heartbeats.add(first, figures(10));
    heartbeats.add(first, figures(20));
    heartbeats.add({ organizationId: acme.id, agentId: second.agentId }, figures(30));
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(transactions).toBe(1);
    expect(await stored(acme.id, first.agentId)).toEqual({
      cpu_percent: 20,
      memory_percent: 50,
      uptime_seconds: 3600,
      latency_ms: 1.5,
      last_active_at: '2026-02-01T10:00:00.000Z',
    });
    expect(await stored(acme.id, second.agentId)).toMatchObject({ cpu_percent: 30 });
    expect(told).toEqual([
      ['machine.changed', first],
      ['machine.changed', { organizationId: acme.id, agentId: second.agentId }],
    ]);
  });

  it('that cannot be stored are dropped, said so, and the next ones come through', async () => {
    const acme = await temporary.addOrganization('acme');
    const machine = { organizationId: acme.id, agentId: acme.machine.agentId };
    heartbeats.add({ ...machine, organizationId: 'no such organization' }, { ...figures(1), cpu_percent: Number.NaN });
    await vi.waitFor(() => expect(failures).toHaveLength(1));
    heartbeats.add(machine, figures(40));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(await stored(acme.id, machine.agentId)).toMatchObject({ cpu_percent: 40 });
  });

  it('that come while a batch is written make one batch more, however many there are', async () => {
    const acme = await temporary.addOrganization('acme');
    const machine = { organizationId: acme.id, agentId: acme.machine.agentId };
    heartbeats.add(machine, figures(0));
    await vi.waitFor(() => expect(transactions).toBe(1));
    for (let i = 1; i <= 50; i += 1) heartbeats.add(machine, figures(i));
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(transactions).toBe(2);
    expect(await stored(acme.id, machine.agentId)).toMatchObject({ cpu_percent: 50 });
  });

  it('make a machine online for a while, and its coming and going is stored at once, in order', async () => {
    const acme = await temporary.addOrganization('acme');
    const machine = { organizationId: acme.id, agentId: acme.machine.agentId };
    const onlineUntil = async () => {
      await heartbeats.written();
      const row = await temporary.store
        .organization(acme.id)
        .read.selectFrom('machines')
        .select('online_until')
        .where('agent_id', '=', machine.agentId)
        .executeTakeFirst();
      return row?.online_until;
    };
    heartbeats.setOnline(machine, true);
    expect(await onlineUntil()).toBe('2026-02-01T11:02:00.000Z');
    heartbeats.add(machine, figures(10));
    expect(await onlineUntil()).toBe('2026-02-01T10:02:00.000Z');
    heartbeats.add(machine, figures(20));
    heartbeats.setOnline(machine, false);
    expect(await onlineUntil()).toBeNull();
    expect(await stored(acme.id, machine.agentId)).toMatchObject({ cpu_percent: 20 });
    expect(told).toHaveLength(3);
  });

  it('still waiting at the end are stored before it', async () => {
    const acme = await temporary.addOrganization('acme');
    heartbeats.add({ organizationId: acme.id, agentId: acme.machine.agentId }, figures(60));
    await heartbeats[Symbol.asyncDispose]();
    expect(await stored(acme.id, acme.machine.agentId)).toMatchObject({ cpu_percent: 60 });
  });
});
