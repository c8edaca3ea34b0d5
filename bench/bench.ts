/**
 * `npm run bench`: our chain beside the limit and beside what people use instead, all in this run, as ratios to reading the
 * PTY directly in the same round. Rounds interleave the targets, so that what else the machine does meets all of them.
 */
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startBackend, startTwoServices } from '../test/e2e/product/backend.ts';
import { makeFolder } from '../test/e2e/product/folder.ts';
import { writeCorpus, type Sample } from './corpus.ts';
import { echo } from './measures/echo.ts';
import { growth, interrupt } from './measures/interrupt.ts';
import { memory, total } from './measures/memory.ts';
import { throughput } from './measures/throughput.ts';
import { familyOf } from './processes.ts';
import { median, table } from './report.ts';
import type { Target } from './shell.ts';
import { chain, type Chain } from './targets/chain.ts';
import { direct } from './targets/direct.ts';
import { openssh } from './targets/openssh.ts';
import { relay } from './targets/relay.ts';
import { wetty } from './targets/wetty.ts';

/** Where the limit itself reads faster, this is the limit. MB/s. */
const ENOUGH = 40;
const SLOW_CLIENT = 1_000_000;

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, megabytes: { type: 'string', default: '32' } },
});
const rounds = Number(options.rounds);

await using folder = await makeFolder('bench');
await chmod(folder.path, 0o755); // the chain's shell runs as an account of its own
const samples = await writeCorpus(folder.path, Number(options.megabytes));
await using ours = await chain('this chain', startBackend);
await using apart = await chain('its two services apart', startTwoServices);
await using limit = await direct();
await using bare = await relay();
await using ssh = await openssh();
await using web = await wetty(path.resolve('.cache'));
const targets: readonly Target[] = [limit, ours, apart, bare, ssh, web];

for (const sample of samples) await reportThroughput(sample);
await reportEcho();
await reportInterrupt('Ctrl-C to prompt in a flood, fast client', null);
await reportInterrupt('Ctrl-C to prompt in a flood, client of 1 MB/s', SLOW_CLIENT);
await reportGrowth();
await reportMemory(ours);

async function rows(measure: (target: Target) => Promise<number>): Promise<Map<Target, number>> {
  const seen = new Map<Target, number[]>(targets.map((target) => [target, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const target of targets) seen.get(target)?.push(await measure(target));
  return new Map([...seen].map(([target, values]) => [target, median(values)]));
}

async function reportThroughput({ name, file }: Sample): Promise<void> {
  const seen = await rows((target) => throughput(target, file));
  const reached = Math.min(seen.get(limit) ?? Number.NaN, ENOUGH);
  table(
    `Output, ${name}: MB/s, every byte verified (ratio to direct, or to ${ENOUGH} where that is faster)`,
    [...seen].map(([{ name: who }, speed]) => [who, speed.toFixed(1), `×${(speed / reached).toFixed(2)}`]),
  );
}

async function reportEcho(): Promise<void> {
  const seen = new Map<Target, { median: number; p99: number }>();
  for (const target of targets) seen.set(target, await echo(target));
  const base = seen.get(limit) ?? { median: Number.NaN, p99: Number.NaN };
  table(
    'Key to echo: ms, median and p99 (over direct)',
    [...seen].map(([{ name }, { median: middle, p99 }]) => [
      name,
      `${middle.toFixed(2)} / ${p99.toFixed(2)}`,
      `+${(middle - base.median).toFixed(2)} / +${(p99 - base.p99).toFixed(2)}`,
    ]),
  );
}

async function reportInterrupt(title: string, speed: number | null): Promise<void> {
  const seen = await rows((target) => interrupt(target, speed));
  table(
    `${title}: ms`,
    [...seen].map(([{ name }, ms]) => [name, ms.toFixed(1), '']),
  );
}

async function reportGrowth(): Promise<void> {
  const lines: [string, string, string][] = [];
  for (const target of targets.filter(({ pids }) => pids.length > 0))
    lines.push([target.name, `${((await growth(target, 10_000)) / 1e6).toFixed(1)} MB`, '']);
  table('Memory grown while a flood is not read for 10 s', lines);
}

/** OpenSSH, wetty and the bare relay have their shells below them; ours are the two that are there from the start. */
async function carriersOf(target: Target): Promise<readonly number[]> {
  return target === ours || target === apart ? target.pids : (await Promise.all(target.pids.map(familyOf))).flat();
}

async function reportMemory({ backendPids, agentPid }: Chain): Promise<void> {
  const lines: [string, string, string][] = [];
  for (const target of targets.filter(({ pids }) => pids.length > 0)) {
    const { idle, perSession } = await memory(target, () => carriersOf(target));
    lines.push([target.name, `${(idle / 1e6).toFixed(1)} MB idle`, `${(perSession / 1e6).toFixed(2)} MB a session`]);
  }
  lines.push(['  our backend', `${((await total(backendPids)) / 1e6).toFixed(1)} MB`, '']);
  lines.push(['  our agent', `${((await total([agentPid])) / 1e6).toFixed(1)} MB`, '']);
  table(
    'Memory (proportional set size; shells counted for OpenSSH and wetty, whose carriers are their parents)',
    lines,
  );
}
