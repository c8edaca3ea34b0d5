/** Where the figures of a heartbeat come from on each system. Node tells most; what it does not, the kernel or a library does. */
import { access, readFile, readdir, statfs } from 'node:fs/promises';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FigureSources, Traffic } from './heartbeat.ts';

export function figuresOf(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): FigureSources {
  const root = platform === 'win32' ? `${env['SystemDrive'] ?? 'C:'}\\` : '/';
  return {
    cpus: () => os.cpus(),
    // On Linux what is available counts caches in; on macOS only the library knows them.
    memory: platform === 'darwin' ? () => libraryMemory().catch(nodeMemory) : () => Promise.resolve(nodeMemory()),
    disk: () => diskOf(root).catch(() => ({ used: 0, available: 0 })),
    traffic: platform === 'linux' ? linuxTraffic : () => libraryTraffic().catch(() => ({ rxBytes: 0, txBytes: 0 })),
    uptimeSeconds: () => os.uptime(),
    sleep: (ms) => sleep(ms),
    now: () => performance.now(),
  };
}

async function diskOf(root: string): ReturnType<FigureSources['disk']> {
  const { blocks, bfree, bavail } = await statfs(root);
  return { used: blocks - bfree, available: bavail };
}

const nodeMemory = () => ({ totalBytes: os.totalmem(), availableBytes: os.freemem() });

const SYSFS = '/sys/class/net';

async function linuxTraffic(): Promise<Traffic> {
  const table = await readFile('/proc/net/dev', 'utf8').catch(() => '');
  return sumTraffic(parseTraffic(table), await physicalInterfaces());
}

/** Those with a device behind them: a bridge or a tunnel counts the same bytes once more. */
async function physicalInterfaces(): Promise<ReadonlySet<string>> {
  const names = await readdir(SYSFS).catch(() => []);
  const physical = await Promise.all(
    names.map((name) =>
      access(`${SYSFS}/${name}/device`).then(
        () => [name],
        () => [],
      ),
    ),
  );
  return new Set(physical.flat());
}

/** /proc/net/dev: `name: rx bytes, 7 more of rx, tx bytes, …`, after two lines of headings. */
export function parseTraffic(table: string): ReadonlyMap<string, Traffic> {
  const found = table.split('\n').flatMap((line) => {
    const match = /^\s*(\S+):\s*(\d+)(?:\s+\d+){7}\s+(\d+)/u.exec(line);
    if (match?.[1] === undefined) return [];
    return [[match[1], { rxBytes: Number(match[2]), txBytes: Number(match[3]) }] as const];
  });
  return new Map(found);
}

/** A container has no device of its own: there all but the loopback count. */
export function sumTraffic(all: ReadonlyMap<string, Traffic>, physical: ReadonlySet<string>): Traffic {
  const anyPhysical = [...all.keys()].some((name) => physical.has(name));
  const counted = [...all].filter(([name]) => (anyPhysical ? physical.has(name) : name !== 'lo'));
  return {
    rxBytes: counted.reduce((sum, [, { rxBytes }]) => sum + rxBytes, 0),
    txBytes: counted.reduce((sum, [, { txBytes }]) => sum + txBytes, 0),
  };
}

/** Loaded only where Node and the kernel do not tell: it takes 10 MB and starts programs. */
const library = () => import('systeminformation');

async function libraryMemory(): ReturnType<FigureSources['memory']> {
  const { total, available } = await (await library()).mem();
  return { totalBytes: total, availableBytes: available };
}

async function libraryTraffic(): Promise<Traffic> {
  const interfaces = await (await library()).networkStats('*');
  return sumTraffic(
    new Map(interfaces.map(({ iface, rx_bytes, tx_bytes }) => [iface, { rxBytes: rx_bytes, txBytes: tx_bytes }])),
    new Set(
      interfaces.map(({ iface }) => iface).filter((name) => !/^(lo|lo0|bridge|utun|awdl|llw|vEthernet)/u.test(name)),
    ),
  );
}
