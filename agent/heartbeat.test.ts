/** Figures of a heartbeat. */
import { describe, expect, it } from 'vitest';
import { heartbeat } from '../protocol/wire/control.ts';
import { figuresOf, parseTraffic, sumTraffic } from './figures.ts';
import { createMeasure, type FigureSources } from './heartbeat.ts';

const times = (busy: number, idle: number) => ({ times: { user: busy, nice: 0, sys: 0, idle, irq: 0 } });

function sources(change: Partial<FigureSources> = {}): FigureSources & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    cpus: () => [times(0, 0)],
    memory: () => Promise.resolve({ totalBytes: 1000, availableBytes: 250 }),
    disk: () => Promise.resolve({ used: 1, available: 2 }),
    traffic: () => Promise.resolve({ rxBytes: 10, txBytes: 20 }),
    uptimeSeconds: () => 99.9,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    now: () => 0,
    ...change,
  };
}

describe('a heartbeat', () => {
  it('tells load since the one before, in percent with one decimal', async () => {
    const looks = [
      [times(0, 0), times(0, 0)],
      [times(10, 90), times(50, 50)],
      [times(20, 180), times(50, 150)],
    ];
    let look = 0;
    let clock = 0;
    const measure = createMeasure(sources({ cpus: () => looks[look++] ?? [], now: () => (clock += 30_000) }));
    expect(await measure()).toEqual({
      cpu_percent: 30,
      memory_percent: 75,
      disk_percent: 33.3,
      network_rx_bytes: 10,
      network_tx_bytes: 20,
      uptime_seconds: 99,
    });
    expect((await measure()).cpu_percent).toBe(5);
  });

  it('looks long enough at the processors to say something', async () => {
    const made = sources();
    await createMeasure(made)();
    expect(made.slept).toEqual([200]);
  });

  it('is within bounds when a counter goes back', async () => {
    const looks = [[times(50, 50)], [times(10, 300)]];
    let look = 0;
    const measure = createMeasure(sources({ cpus: () => looks[look++] ?? [] }));
    expect((await measure()).cpu_percent).toBe(0);
  });

  it('of this computer is one the contract takes, and costs no process', async () => {
    const measured = await createMeasure(figuresOf(process.platform, process.env))();
    expect(heartbeat.parse(measured)).toEqual(measured);
    expect(measured.memory_percent).toBeGreaterThan(0);
    expect(measured.disk_percent).toBeGreaterThan(0);
    expect(measured.uptime_seconds).toBeGreaterThan(0);
  });
});

describe('network traffic', () => {
  const table = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  500      10    0    0    0     0          0         0      500      10    0    0    0     0       0          0
  eth0: 1000      20    0    0    0     0          0         0     2000      30    0    0    0     0       0          0
docker0:  70       1    0    0    0     0          0         0       80       1    0    0    0     0       0          0
`;

  it('is read from the kernel’s table', () => {
    expect(parseTraffic(table).get('eth0')).toEqual({ rxBytes: 1000, txBytes: 2000 });
    expect(parseTraffic('').size).toBe(0);
  });

  it('counts what leads outside once', () => {
    const all = parseTraffic(table);
    expect(sumTraffic(all, new Set(['eth0']))).toEqual({ rxBytes: 1000, txBytes: 2000 });
    expect(sumTraffic(all, new Set())).toEqual({ rxBytes: 1070, txBytes: 2080 }); // a container: all but the loopback
  });
});
