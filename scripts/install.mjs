/** Installs what package-lock.json names, when it is not there yet. Plain Node: it runs before anything is installed. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The oldest Node that everything here runs on. */
export const OLDEST_NODE = [20, 19];

/**
 * @param {string} version such as `20.19.1`
 * @returns {string | null} what to tell the person, null when this Node will do
 */
export function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `This needs Node ${OLDEST_NODE.join('.')} or newer, and this is ${version}. Install a newer Node, then try again.`;
}

/**
 * `npm ci` empties node_modules first, so it runs only where something of the lock file is really missing.
 * @param {string} root the project's folder
 * @param {{ signal?: AbortSignal, onInstall?: () => void }} [options] ends it before its time; is told that it takes a while
 * @returns {Promise<'fresh' | 'present'>} rejects with a sentence for the person when npm fails
 */
export async function installDependencies(root, { signal, onInstall } = {}) {
  if (isInstalled(await readLock(root, 'package-lock.json'), await readLock(root, 'node_modules/.package-lock.json')))
    return 'present';
  onInstall?.();
  const { code, output } = await npmCi(root, signal);
  if (code !== 0) throw new Error(installComplaint(output));
  return 'fresh';
}

/**
 * @param {unknown} wanted package-lock.json
 * @param {unknown} there what npm notes of what it installed; a package for another system is not among it
 */
export function isInstalled(wanted, there) {
  const installed = packagesIn(there);
  return Object.entries(packagesIn(wanted)).every(([place, entry]) => {
    if (place === '') return true;
    const found = installed[place];
    return found === undefined ? part(entry, 'optional') === true : part(found, 'version') === part(entry, 'version');
  });
}

/**
 * @param {unknown} lock
 * @returns {Record<string, unknown>}
 */
function packagesIn(lock) {
  const packages = part(lock, 'packages');
  return typeof packages === 'object' ? { ...packages } : {};
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
const part = (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined);

/**
 * @param {string} root
 * @param {string} file
 * @returns {Promise<unknown>}
 */
async function readLock(root, file) {
  return JSON.parse(await readFile(path.join(root, file), 'utf8').catch(() => 'null'));
}

/** @param {string} output of npm */
export function installComplaint(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENETUNREACH/u.test(output))
    return 'The dependencies could not be fetched: npm cannot reach its registry. Check the network or npm’s proxy settings, then try again.';
  if (/EACCES|EPERM|EROFS/u.test(output))
    return 'The dependencies could not be installed: this folder cannot be written. Make it yours, then try again.';
  if (/ENOSPC/u.test(output)) return 'The dependencies could not be installed: the disk is full.';
  return `The dependencies could not be installed. npm said:\n${output.trim().split('\n').slice(-15).join('\n')}`;
}

/**
 * @param {string} root
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function npmCi(root, signal) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === 'win32';
    const child = spawn(windows ? 'npm.cmd' : 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: root,
      shell: windows,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal && { signal }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (/** @type {Buffer} */ chunk) => {
        output = (output + chunk.toString()).slice(-20_000);
      });
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}
