/** `npm run bench`: installs what the comparison needs, builds, and measures. Options: --rounds N, --megabytes N. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { installDependencies } from './install.mjs';
import { benchNeeds, provide } from './system-packages.mjs';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
console.log(`dependencies: ${await installDependencies(root)}`);
console.log(`programs: ${provide(benchNeeds)}`);
const { build } = await import('esbuild');
const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);
await build({
  entryPoints: ['bench/bench.ts'],
  outfile: 'dist/bench/bench.js',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, ['dist/bench/bench.js', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(run.status ?? 1);
