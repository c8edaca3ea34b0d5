/** `npm run typecheck`: every tsconfig, for each part knows other globals. Node's parts, the pure protocol, the window. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

const root = path.resolve(import.meta.dirname, '..');
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const projects = ['tsconfig.json', 'protocol/tsconfig.json', 'renderer/tsconfig.json', 'test/browser/tsconfig.json'];
const results = projects.map((project) =>
  spawnSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' }),
);
process.exitCode = results.every(({ status }) => status === 0) ? 0 : 1;
