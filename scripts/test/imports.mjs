/** Who may import whom, and no cycles: dependency-cruiser by .dependency-cruiser.cjs, with a check that it saw the modules at all. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');
const folders = ['protocol', 'backend', 'agent', 'main', 'preload', 'renderer', 'test', 'bench'];
const fewestModules = 100;
const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const args = [program, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
const limits = { cwd: root, maxBuffer: 256 * 1024 * 1024 };
execFile(process.execPath, args, limits, (_error, stdout, stderr) => {
  if (stdout === '') throw new Error(stderr);
  const { violations, totalCruised } = report.parse(JSON.parse(stdout)).summary;
  for (const { rule, from, to } of violations) console.error(`${rule.name}: ${from} → ${to}`);
  if (totalCruised < fewestModules)
    console.error(`Only ${totalCruised} modules were seen: the check itself is broken.`);
  console.log(`${totalCruised} modules`);
  process.exitCode = violations.length > 0 || totalCruised < fewestModules ? 1 : 0;
});
