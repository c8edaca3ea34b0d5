/** What a heartbeat carries: load of this computer, measured when asked. */
import type { CpuInfo } from 'node:os';
import type { Heartbeat } from '../protocol/wire/control.ts';

export interface Traffic {
  readonly rxBytes: number;
  readonly txBytes: number;
}
/** Where the figures come from; what this system cannot tell is 0. */
export interface FigureSources {
  cpus(): readonly Pick<CpuInfo, 'times'>[];
  memory(): Promise<{ readonly totalBytes: number; readonly availableBytes: number }>;
  /** Of the file system the system lies on, in its blocks. */
  disk(): Promise<{ readonly used: number; readonly available: number }>;
  /** Since the system started, over all that lead outside. */
  traffic(): Promise<Traffic>;
  uptimeSeconds(): number;
  /** Waits, in milliseconds. */
  sleep(ms: number): Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}

/** A shorter look at the processors says nothing. Milliseconds. */
const LEAST_LOOK_MS = 200;

interface Ticks {
  readonly at: number;
  readonly busy: number;
  readonly total: number;
}

/** Each call measures the time since the one before. */
export function createMeasure(sources: FigureSources): () => Promise<Heartbeat> {
  let last = readTicks(sources);
  return async () => {
    const tooSoon = LEAST_LOOK_MS - (sources.now() - last.at);
    if (tooSoon > 0) await sources.sleep(tooSoon);
    const ticks = readTicks(sources);
    const cpu = share(ticks.busy - last.busy, ticks.total - last.total);
    last = ticks;
    const [memory, disk, traffic] = await Promise.all([sources.memory(), sources.disk(), sources.traffic()]);
    return {
      cpu_percent: cpu,
      memory_percent: share(memory.totalBytes - memory.availableBytes, memory.totalBytes),
      disk_percent: share(disk.used, disk.used + disk.available),
      network_rx_bytes: traffic.rxBytes,
      network_tx_bytes: traffic.txBytes,
      uptime_seconds: Math.max(0, Math.floor(sources.uptimeSeconds())),
    };
  };
}

function readTicks(sources: FigureSources): Ticks {
  const times = sources.cpus().map((cpu) => cpu.times);
  const total = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return { at: sources.now(), busy: total - idle, total };
}

/** Percent with one decimal, 0 to 100. */
function share(part: number, whole: number): number {
  if (whole <= 0) return 0;
  return Math.round(Math.min(1, Math.max(0, part / whole)) * 1000) / 10;
}
