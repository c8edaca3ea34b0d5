/** How many tests passed and failed, from the reports of the two test runners. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** @typedef {{ passed: number, failed: number, skipped: number, output: string }} Counts */

const vitestReport = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});
const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  errors: z.array(z.unknown()),
});

/**
 * @param {string} file vitest's JSON report
 * @param {string} output what vitest printed
 * @returns {Promise<Counts>} a file that could not be loaded counts as one failure
 */
export async function vitestCounts(file, output) {
  const report = vitestReport.parse(await readReport(file, output));
  return {
    passed: report.numPassedTests,
    failed: report.success ? 0 : Math.max(1, report.numFailedTests),
    skipped: report.numPendingTests + report.numTodoTests,
    output,
  };
}

/**
 * @param {string} file playwright's JSON report
 * @param {string} output what playwright printed
 * @returns {Promise<Counts>} a test that passed only when tried again has failed
 */
export async function playwrightCounts(file, output) {
  const { stats, errors } = playwrightReport.parse(await readReport(file, output));
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: Math.max(failed, errors.length), skipped: stats.skipped, output };
}

/**
 * @param {string} file
 * @param {string} output
 * @returns {Promise<unknown>}
 */
async function readReport(file, output) {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`${output}\nThe test runner left no report.`);
  });
  return JSON.parse(text);
}
