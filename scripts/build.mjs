/**
 * `npm run build [target…]`: makes dist/. A target whose sources have not changed since is left as it is, so that a second start is
 * quick. Targets: see build/targets.mjs.
 */
import path from 'node:path';
import process from 'node:process';
import { fingerprint, isUpToDate, remember } from './build/freshness.mjs';
import { targets } from './build/targets.mjs';

const root = path.resolve(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0) {
  console.error(`No such target: ${unknown.join(', ')}. Targets: ${targets.map((target) => target.name).join(', ')}`);
  process.exit(2);
}

let failed = 0;
for (const target of targets.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const started = performance.now();
  const print = await fingerprint(root, target.sources);
  if (await isUpToDate(root, target, print)) continue;
  try {
    await target.build(root);
    await remember(root, target, print);
    console.log(`built ${target.output} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed += 1;
    console.error(`${target.output} was not built: ${error instanceof Error ? error.message : String(error)}`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
