import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event as Told } from '../../../protocol/api/events.ts';
import type { Machine } from '../../../protocol/api/machines.ts';
import type { Session } from '../../../protocol/api/terminals.ts';
import { createFeed, type Feed } from './feed.ts';

const GAP_MS = 250;
const machine = (agentId: string, name: string): Machine => ({
  id: '0'.repeat(24),
  agent_id: agentId,
  name,
  description: '',
  os: null,
  ip_address: null,
  status: 'online',
  cpu_percent: null,
  memory_percent: null,
  disk_percent: null,
  network_rx_bytes: null,
  network_tx_bytes: null,
  uptime: null,
  last_active: null,
});
const session = (sessionId: string): Session => ({
  session_id: sessionId,
  agent_id: 'm1',
  machine_name: 'one',
  user_id: '0'.repeat(24),
  username: 'ann',
  source: 'desktop',
  status: 'active',
  started_at: '2026-01-01T00:00:00.000Z',
  browser: null,
  os: null,
});

const pick = <T>(from: ReadonlyMap<string, T>, ids: readonly string[] = [...from.keys()]): Promise<T[]> =>
  Promise.resolve(ids.flatMap((id) => from.get(id) ?? []));

describe('the feed of a listener', () => {
  const machines = new Map<string, Machine>();
  const sessions = new Map<string, Session>();
  let told: Told[];
  let feed: Feed;
  let ended: AbortController;
  let running: Promise<void>;
  /** While set, what was sent has not left yet: the listener does not read. */
  let stuck: Promise<void> | undefined;

  beforeEach(async () => {
    vi.useFakeTimers();
    machines.clear();
    sessions.clear();
    machines.set('m1', machine('m1', 'one'));
    sessions.set('s1', session('s1'));
    told = [];
    stuck = undefined;
    ended = new AbortController();
    feed = createFeed({
      source: { machines: (ids) => pick(machines, ids), sessions: (ids) => pick(sessions, ids) },
      send: async (event) => {
        told.push(event);
        await stuck;
      },
      gapMs: GAP_MS,
    });
    running = feed.run(ended.signal);
    await vi.advanceTimersByTimeAsync(GAP_MS);
  });
  afterEach(async () => {
    ended.abort();
    await running;
    vi.useRealTimers();
  });

  it('begins with the present state', () => {
    expect(told).toEqual([{ type: 'snapshot', machines: [machines.get('m1')], sessions: [sessions.get('s1')] }]);
  });

  it('tells many changes of one machine as one, with its last state', async () => {
    feed.machineChanged('m1');
    await vi.advanceTimersByTimeAsync(1);
    for (const name of ['two', 'three', 'four']) {
      machines.set('m1', machine('m1', name));
      feed.machineChanged('m1');
    }
    await vi.advanceTimersByTimeAsync(GAP_MS - 2);
    expect(told).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(2);
    expect(told[2]).toEqual({ type: 'machines', changed: [machine('m1', 'four')], removed: [] });
    expect(told).toHaveLength(3);
  });

  it('tells that a session is over by its id', async () => {
    sessions.delete('s1');
    feed.sessionChanged('s1');
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)).toEqual({ type: 'sessions', changed: [], removed: ['s1'] });
  });

  it('says nothing of what the listener may not see, not even that it is gone', async () => {
    feed.machineChanged('of-somebody-else');
    feed.sessionChanged('of-somebody-else');
    await vi.advanceTimersByTimeAsync(GAP_MS);
    expect(told).toHaveLength(1);
  });

  it('tells a removal once', async () => {
    machines.delete('m1');
    feed.machineChanged('m1');
    await vi.advanceTimersByTimeAsync(GAP_MS);
    feed.machineChanged('m1');
    await vi.advanceTimersByTimeAsync(GAP_MS);
    expect(told.slice(1)).toEqual([{ type: 'machines', changed: [], removed: ['m1'] }]);
  });

  it('keeps no queue for a listener that does not read: it gets the present state when it reads again', async () => {
    const network = new EventTarget();
    stuck = new Promise((resolve) => network.addEventListener('drained', () => resolve(), { once: true }));
    feed.machineChanged('m1');
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 5000; i += 1) feed.machineChanged(`m${i}`);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toHaveLength(2);
    machines.set('m1', machine('m1', 'at last'));
    stuck = undefined;
    network.dispatchEvent(new Event('drained'));
    await vi.advanceTimersByTimeAsync(GAP_MS);
    expect(told.slice(2)).toEqual([
      { type: 'snapshot', machines: [machine('m1', 'at last')], sessions: [session('s1')] },
    ]);
  });

  it('begins anew when what the listener may see has changed', async () => {
    machines.set('m2', machine('m2', 'granted'));
    feed.everythingChanged();
    await vi.advanceTimersByTimeAsync(0);
    expect(told.at(-1)).toMatchObject({ type: 'snapshot', machines: [{ agent_id: 'm1' }, { agent_id: 'm2' }] });
  });

  it('ends with its signal and leaves no timer', async () => {
    ended.abort();
    await running;
    feed.machineChanged('m1');
    await vi.advanceTimersByTimeAsync(GAP_MS);
    expect(told).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
