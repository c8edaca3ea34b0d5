/**
 * `npm start`: from a fresh clone with only Node to a terminal, and back to nothing running at Ctrl-C. Plain Node: what needs a package
 * is imported only once the packages are there.
 */
import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { installDependencies, nodeComplaint } from './install.mjs';
import { withoutNpm } from './start/environment.mjs';
import { StartFailure } from './start/failure.mjs';
import { help, readOptions } from './start/options.mjs';
import { createPrograms } from './start/programs.mjs';

const root = path.resolve(import.meta.dirname, '..');
const stop = new AbortController();
const say = (/** @type {string} */ line) => {
  if (!stop.signal.aborted) console.log(line);
};

// A terminal that is gone takes no more lines; that is no reason to leave things running.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await main();

/** @returns {Promise<number>} exit code */
async function main() {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint !== null) return complain(complaint, 1);
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  if ('complaint' in options) return complain(options.complaint, 2);
  const data = path.resolve(root, options.data);
  const programs = createPrograms({ root, env: withoutNpm(process.env), logs: path.join(data, 'logs') });
  const stopped = untilToldToEnd(programs);
  try {
    return await Promise.race([stopped, start({ root, data, options, programs, say })]);
  } catch (error) {
    if (error instanceof StartFailure) return complain(error.message, 1);
    throw error;
  } finally {
    await programs.end();
    if (stop.signal.aborted) console.log('All of it has ended.');
  }
}

/** @param {import('./start/bring-up.mjs').BringUp} parts */
async function start(parts) {
  await prepareFolder(parts.data);
  const onInstall = () => {
    say('Dependencies: being installed; the first time this takes a minute.');
  };
  const installed = await installDependencies(root, { signal: stop.signal, onInstall }).catch((error) => {
    throw new StartFailure(error instanceof Error ? error.message : String(error));
  });
  if (installed === 'present') say('Dependencies: there.');
  const { bringUp } = await import('./start/bring-up.mjs');
  return bringUp(parts);
}

/** @param {string} data */
async function prepareFolder(data) {
  try {
    await mkdir(data, { recursive: true, mode: 0o700 });
    await access(data, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartFailure(
      `The folder ${data} cannot be written. Make it yours, or choose another with --data. (${why})`,
    );
  }
}

/**
 * Ctrl-C, a plain kill, a terminal or npm that is gone. A second signal waits for nothing.
 * @param {import('./start/programs.mjs').Programs} programs
 * @returns {Promise<number>} exit code, once it is told to end
 */
function untilToldToEnd(programs) {
  return new Promise((resolve) => {
    const end = () => {
      if (stop.signal.aborted) return;
      console.log('\nEnding …');
      stop.abort();
      resolve(0);
    };
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.on(signal, () => {
        if (!stop.signal.aborted) return end();
        programs.kill();
        process.exit(1);
      });
    if (process.env['npm_lifecycle_event']) whenParentIsGone(end);
  });
}

/**
 * npm that is killed tells its shell, which tells nobody; another parent is the only sign of it.
 * @param {() => void} act
 */
function whenParentIsGone(act) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, 1000);
  timer.unref();
}

/**
 * @param {string} sentence
 * @param {number} code
 */
function complain(sentence, code) {
  console.error(`\n${sentence}`);
  return code;
}
