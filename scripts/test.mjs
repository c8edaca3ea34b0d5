/**
 * `npm test`: installs what is missing, then runs everything CI runs, each step named and timed.
 * `npm test -- types unit` runs only the named steps.
 */
import path from 'node:path';
import process from 'node:process';
import { installDependencies, nodeComplaint } from './install.mjs';
import { provide, testNeeds } from './system-packages.mjs';
import { leftovers, MARK_VARIABLE, newMark } from './test/leftovers.mjs';
import { runProgram } from './test/run-program.mjs';

const root = path.resolve(import.meta.dirname, '..');
const results = path.join(root, 'test-results');
const mark = newMark();
const marked = { [MARK_VARIABLE]: mark };

/** @typedef {import('./test/counts.mjs').Counts} Counts */
// What needs a package of npm is imported only once the packages are there.
/**
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<Counts | string>} run rejects when it fails; its counts, or a word of what it did
 */

/**
 * @param {string} name
 * @param {string} file a program of node_modules/.bin, or a script
 * @param {readonly string[]} args
 * @returns {Step}
 */
const check = (name, file, args = []) => ({
  name,
  run: async () => {
    const { code, output } = await runProgram({ root, file, args, env: marked });
    if (code !== 0) throw new Error(output.trim() || `ended with ${code}`);
    return output.trim().split('\n').at(-1) ?? '';
  },
});

/**
 * @param {string} project of vitest.config.ts
 * @returns {Step}
 */
const vitest = (project) => ({
  name: project,
  run: async () => {
    const report = path.join(results, `${project}.json`);
    const args = ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`];
    const { output } = await runProgram({ root, file: 'vitest', args, env: marked });
    const { vitestCounts } = await import('./test/counts.mjs');
    return vitestCounts(report, output);
  },
});

/**
 * @param {string} project of playwright.config.ts
 * @returns {Step}
 */
const playwright = (project) => ({
  name: project,
  run: async () => {
    const report = path.join(results, `${project}.json`);
    const args = ['test', `--project=${project}`, '--reporter=line,json'];
    const { output } = await runProgram({
      root,
      file: 'playwright',
      args,
      env: { ...marked, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    });
    const { playwrightCounts } = await import('./test/counts.mjs');
    return playwrightCounts(report, output);
  },
});

/** @type {readonly Step[]} */
const preparation = [
  { name: 'dependencies', run: () => installDependencies(root) },
  { name: 'programs', run: () => Promise.resolve(provide(testNeeds)) },
];
/** @type {readonly Step[]} */
const steps = [
  check('types', 'scripts/typecheck.mjs'),
  check('lint', 'oxlint'),
  check('format', 'prettier', ['--check', '--log-level=warn', '.']),
  check('imports', 'scripts/test/imports.mjs'),
  check('unused', 'knip', ['--no-progress']),
  check('build', 'scripts/build.mjs'),
  vitest('unit'),
  vitest('simulation'),
  vitest('service'),
  vitest('postgres'),
  vitest('two-services'),
  playwright('browser'),
  playwright('e2e'),
  { name: 'leftovers', run: () => leftovers(mark) },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
const complaint = nodeComplaint(process.versions.node);
if (complaint !== null || unknown.length > 0) {
  console.error(
    complaint ?? `No such step: ${unknown.join(', ')}. Steps: ${steps.map((step) => step.name).join(', ')}`,
  );
  process.exit(2);
}
const chosen = wanted.length > 0 ? steps.filter((step) => wanted.includes(step.name)) : steps;
process.exitCode = await runAll([...preparation, ...chosen]);

/**
 * @param {readonly Step[]} all
 * @returns {Promise<number>} exit code
 */
async function runAll(all) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  /** @type {string[]} */
  const broken = [];
  for (const step of all) {
    const outcome = await runStep(step);
    passed += outcome.passed;
    failed += outcome.failed;
    skipped += outcome.skipped;
    if (!outcome.ok) broken.push(step.name);
    if (!outcome.ok && preparation.includes(step)) break;
  }
  if (broken.length > 0) console.log(`\nFailed steps: ${broken.join(', ')}`);
  console.log(
    `\n${passed} passed, ${failed + (broken.length > 0 && failed === 0 ? broken.length : 0)} failed, ${skipped} skipped`,
  );
  return broken.length > 0 ? 1 : 0;
}

/**
 * @param {Step} step
 * @returns {Promise<Counts & { ok: boolean }>}
 */
async function runStep(step) {
  const started = performance.now();
  console.log(`▶ ${step.name}`);
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    const done = await step.run();
    const counts = typeof done === 'string' ? { passed: 0, failed: 0, skipped: 0, output: done } : done;
    if (counts.failed > 0 || (typeof done !== 'string' && counts.passed === 0)) {
      console.log(`${counts.output}\n✖ ${step.name}: ${counts.passed} passed, ${counts.failed} failed (${seconds()})`);
      return { ...counts, ok: false };
    }
    const said = typeof done === 'string' ? done : `${counts.passed} passed`;
    console.log(`✔ ${step.name}${said && ` · ${said}`} (${seconds()})`);
    return { ...counts, ok: true };
  } catch (error) {
    console.log(`${error instanceof Error ? error.message : String(error)}\n✖ ${step.name} (${seconds()})`);
    return { passed: 0, failed: 0, skipped: 0, output: '', ok: false };
  }
}
