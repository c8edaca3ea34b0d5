/** The programs a start runs: short ones to their end, lasting ones watched, and all of them ended with it. */
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { StartFailure } from './failure.mjs';

const endsWithinMs = 10_000;
const posix = process.platform !== 'win32';

/**
 * @typedef {object} Programs
 * @property {(run: ShortRun) => Promise<Ended>} run to its end
 * @property {(run: LastingRun) => Promise<Lasting>} start
 * @property {() => Promise<void>} end the last started first, each waited for
 * @property {() => void} kill all of them, at once
 */
/**
 * @typedef {object} ShortRun
 * @property {readonly string[]} args a script of Node and its arguments
 * @property {string} [input] its standard input
 * @property {number} [withinMs] it is ended after this time
 * @property {(line: string) => void} [onLine] of its standard output, as it comes
 */
/** @typedef {{ code: number | null, stdout: string, stderr: string }} Ended */
/**
 * @typedef {object} LastingRun
 * @property {string} name of its log
 * @property {readonly string[]} args a script of Node and its arguments
 * @property {NodeJS.ProcessEnv} [env] beside the common one
 * @property {(line: string) => void} [onLine] of its standard output
 */
/**
 * @typedef {object} Lasting
 * @property {Promise<number | null>} exited its exit code, null when a signal ended it
 * @property {(start: string) => Promise<void>} said once it prints a line that starts so
 * @property {() => Promise<string>} lastLines of what it wrote to its log
 */

/**
 * @param {{ root: string, env: NodeJS.ProcessEnv, logs: string }} parts
 * @returns {Programs}
 */
export function createPrograms({ root, env, logs }) {
  /** @type {import('node:child_process').ChildProcess[]} */
  const running = [];
  let ending = false;
  const stillAllowed = () => {
    if (ending) throw new StartFailure('Everything is being ended.');
  };
  /** @param {import('node:child_process').ChildProcess} child */
  const watch = (child) => {
    running.push(child);
    child.once('exit', () => running.splice(running.indexOf(child), 1));
  };

  return {
    async run({ args, input = '', withinMs = 0, onLine }) {
      stillAllowed();
      const child = spawn(process.execPath, args, {
        cwd: root,
        env,
        detached: posix,
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: withinMs,
      });
      watch(child);
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      const ended = exitOf(child);
      if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await ended, stdout, stderr };
    },

    async start({ name, args, env: more = {}, onLine = () => {} }) {
      const log = path.join(logs, `${name}.log`);
      await mkdir(logs, { recursive: true, mode: 0o700 });
      await rename(log, path.join(logs, `${name}.before.log`)).catch(() => {});
      const file = await open(log, 'w', 0o600);
      stillAllowed();
      const child = spawn(process.execPath, args, {
        cwd: root,
        env: { ...env, ...more },
        // A group of its own: Ctrl-C reaches it from here, in order, and once.
        detached: posix,
        // It ends by itself when this process is gone: the channel closes.
        stdio: ['ignore', 'pipe', file.fd, 'ipc'],
      });
      watch(child);
      await file.close();
      const lines = createInterface({ input: child.stdout ?? Readable.from([]) });
      lines.on('line', onLine);
      return { exited: exitOf(child), said: (start) => saidBy(lines, start), lastLines: () => lastLinesOf(log) };
    },

    async end() {
      ending = true;
      for (const child of running.toReversed()) await endOne(child);
    },

    kill() {
      for (const child of running) killGroup(child);
    },
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number | null>}
 */
function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code);
    });
  });
}

/**
 * @param {import('node:readline').Interface} lines
 * @param {string} start
 * @returns {Promise<void>}
 */
function saidBy(lines, start) {
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line.startsWith(start)) resolve();
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
async function endOne(child) {
  const ended = exitOf(child);
  // Windows knows no asking by signal; a channel that closes asks there.
  if (posix || !child.connected) child.kill('SIGTERM');
  else child.disconnect();
  const late = setTimeout(() => {
    killGroup(child);
  }, endsWithinMs);
  await ended.catch(() => {});
  clearTimeout(late);
}

/** @param {import('node:child_process').ChildProcess} child with what it started in turn */
function killGroup(child) {
  if (posix && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  else child.kill('SIGKILL');
}

/** @param {string} log */
async function lastLinesOf(log) {
  /** @type {string[]} */
  const last = [];
  for await (const line of createInterface({ input: createReadStream(log) })) {
    last.push(line);
    if (last.length > 12) last.shift();
  }
  return last.join('\n');
}
