/** Finds processes that a test run started and did not end. Each step hands a mark down in its environment; Linux shows it. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import process from 'node:process';

export const MARK_VARIABLE = 'WEBXTERM_TEST_RUN';
export const newMark = () => randomUUID();

/**
 * @param {string} mark
 * @returns {Promise<string>} rejects with a list when something is left; what is left is ended
 */
export async function leftovers(mark) {
  if (process.platform !== 'linux') return 'looked for on Linux only';
  const found = (await Promise.all((await readdir('/proc')).map((pid) => describe(pid, mark)))).filter(
    (line) => line !== null,
  );
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
  if (found.length > 0) throw new Error(`Still running:\n${found.map(({ pid, line }) => `${pid} ${line}`).join('\n')}`);
  return 'nothing left running';
}

/**
 * @param {string} pid a name in /proc
 * @param {string} mark
 */
async function describe(pid, mark) {
  if (!/^\d+$/u.test(pid) || Number(pid) === process.pid) return null;
  const read = (/** @type {string} */ name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  if (!(await read('environ')).includes(`${MARK_VARIABLE}=${mark}`)) return null;
  const line = (await read('cmdline')).replaceAll('\0', ' ').trim();
  return line === '' ? null : { pid: Number(pid), line };
}
