import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dashboard } from '../../protocol/api/dashboard.ts';
import { startBackend, type Backend } from './backend.ts';
import { aColleague, aJoinedMachine, aMachine, anAdmin, type Person } from './people.ts';
import { newObjectId } from './store.ts';

const figures = { network_rx_bytes: 1, network_tx_bytes: 1, uptime_seconds: 60 };
const heartbeat = (percent: number) => ({
  type: 'heartbeat' as const,
  cpu_percent: percent,
  memory_percent: percent,
  disk_percent: percent / 3,
  ...figures,
});

describe('the dashboard', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await startBackend({ machines: { heartbeatBatchMs: 10 } });
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  const get = async (what: string, { token }: Person) => backend.request('GET', `/api/dashboard/${what}`, { token });
  const statsOf = async (who: Person) => dashboard.stats.answer[200].parse((await get('stats', who)).body);
  const recent = async (who: Person) =>
    dashboard.recentMachines.answer[200].parse((await get('recent-machines', who)).body).machines;

  const shown = async (who: Person) =>
    dashboard.recentActivity.answer[200].parse((await get('recent-activity', who)).body).activities;

  it('of somebody who sees no machine is empty', async () => {
    const admin = await anAdmin(backend);
    await aMachine(backend, admin);
    const colleague = await aColleague(backend, admin);
    expect(await statsOf(colleague)).toEqual({
      online_count: 0,
      offline_count: 0,
      pending_count: 0,
      avg_cpu: 0,
      avg_memory: 0,
      avg_disk: 0,
    });
    expect(await recent(colleague)).toEqual([]);
  });

  it('counts the machines that one sees, and averages over those that are online', async () => {
    const admin = await anAdmin(backend);
    const colleague = await aColleague(backend, admin);
    await aMachine(backend, admin);
    const [first, second, third] = [
      await aJoinedMachine(backend, admin),
      await aJoinedMachine(backend, colleague),
      await aJoinedMachine(backend, admin),
    ];
    await using one = await first.connect();
    await using other = await second.connect();
    one.say(heartbeat(10));
    other.say(heartbeat(25.5));
    await vi.waitFor(async () =>
      expect(await statsOf(admin)).toEqual({
        online_count: 2,
        offline_count: 1,
        pending_count: 1,
        avg_cpu: 17.8,
        avg_memory: 17.8,
        avg_disk: 5.9,
      }),
    );
    expect(await statsOf(colleague)).toMatchObject({ online_count: 1, offline_count: 0, avg_cpu: 25.5 });
    expect((await recent(admin)).map((machine) => machine.agent_id)).toEqual(
      expect.arrayContaining([first.agentId, second.agentId, third.agentId]),
    );
  });

  it('shows the five machines that were heard of last, then those that were made last', async () => {
    const admin = await anAdmin(backend);
    const heard = [];
    for (let i = 0; i < 4; i += 1) heard.push((await aMachine(backend, admin, { name: `heard ${i}` })).agentId);
    for (const name of ['older', 'newer']) await aMachine(backend, admin, { name });
    const organization = backend.store.organization(admin.organizationId);
    const heardOf = async (agentId: string, second: number): Promise<void> => {
      const last_active_at = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
      await organization.upkeep((tx) =>
        tx.updateTable('machines').set({ last_active_at }).where('agent_id', '=', agentId).execute(),
      );
    };
    for (const [i, agentId] of heard.entries()) await heardOf(agentId, i);
    const names = async () => (await recent(admin)).map((machine) => machine.name);
    expect(await names()).toEqual(['heard 3', 'heard 2', 'heard 1', 'heard 0', 'newer']);
    const { agentId } = await aMachine(backend, admin, { name: 'latest' });
    await heardOf(agentId, 30);
    expect(await names()).toEqual(['latest', 'heard 3', 'heard 2', 'heard 1', 'heard 0']);
    expect((await recent(admin))[0]).toEqual({
      agent_id: agentId,
      name: 'latest',
      status: 'pending',
      cpu_percent: null,
      memory_percent: null,
      last_active: '2026-01-01T00:00:30.000Z',
    });
  });

  it('shows the ten command lines that ran last, of whom one may see', async () => {
    const admin = await anAdmin(backend);
    const colleague = await aColleague(backend, admin);
    const { agentId } = await aMachine(backend, admin);
    const line = (who: Person, second: number) => ({
      id: newObjectId(),
      agent_id: agentId,
      machine_name: 'box',
      user_id: who.userId,
      username: who.username,
      source: 'cli' as const,
      command: `echo ${second}`,
      command_key: `echo ${second}`,
      cut: 0,
      captured: 'shell' as const,
      started_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    });
    const lines = Array.from({ length: 12 }, (_, i) => line(i === 11 ? colleague : admin, i));
    const organization = backend.store.organization(admin.organizationId);
    await organization.upkeep((tx) => tx.insertInto('command_logs').values(lines).execute());
    expect((await shown(admin)).map(({ command }) => command)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((second) => `echo ${second}`),
    );
    expect(await shown(colleague)).toEqual([
      {
        id: lines[11]?.id,
        command: 'echo 11',
        machine_name: 'box',
        agent_id: agentId,
        username: colleague.username,
        source: 'cli',
        timestamp: '2026-01-01T00:00:11.000Z',
      },
    ]);
    expect(await shown(await anAdmin(backend))).toEqual([]);
  });
});
