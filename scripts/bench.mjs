/**
 * `npm run bench`: installs what the comparison needs, builds, and measures. Options: --only terminals or requests, --rounds N,
 * --megabytes N.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { installDependencies } from './install.mjs';
import { benchNeeds, provide } from './system-packages.mjs';

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string' }, megabytes: { type: 'string' } },
});
const all = { terminals: 'bench/bench.ts', requests: 'bench/requests.ts' };
/** Started by a benchmark as programs of their own. */
const programs = ['bench/targets/relay/hub.ts', 'bench/targets/relay/shells.ts'];
const chosen = Object.entries(all).filter(([name]) => options.only === undefined || options.only === name);
if (chosen.length === 0) {
  console.error(`There is no benchmark ${options.only}: ${Object.keys(all).join(', ')}.`);
  process.exit(2);
}
const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
console.log(`dependencies: ${await installDependencies(root)}`);
console.log(`programs: ${provide(benchNeeds)}`);
const { build } = await import('esbuild');
const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
await build({
  entryPoints: [...chosen.map(([, entry]) => entry), ...programs],
  outbase: 'bench',
  outdir: 'dist/bench',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const { rounds, megabytes } = options;
const args = Object.entries({ rounds, megabytes }).flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
for (const [, entry] of chosen) {
  const file = path.join('dist/bench', path.basename(entry).replace(/ts$/u, 'js'));
  const run = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' });
  if (run.status !== 0) process.exit(run.status ?? 1);
}
