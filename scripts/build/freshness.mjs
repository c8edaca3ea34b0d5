/** Whether a built file is still what its sources would make: a hash over them is kept beside it. */
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What every target depends on: the packages it takes in, and how it is built. */
const always = ['package.json', 'package-lock.json', 'scripts/build'];
const isSource = (/** @type {string} */ file) => !/\.test\.(?:tsx?|mjs)$/u.test(file);

/**
 * @param {string} root the project's folder
 * @param {readonly string[]} sources folders and files in it
 * @returns {Promise<string>}
 */
export async function fingerprint(root, sources) {
  const files = (await Promise.all([...always, ...sources].map((source) => filesOf(root, source)))).flat();
  const contents = await Promise.all(files.map((file) => readFile(path.join(root, file))));
  const hash = createHash('sha256');
  for (const [index, content] of contents.entries()) hash.update(`\0${files[index] ?? ''}\0`).update(content);
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} source a folder or a file
 * @returns {Promise<string[]>} in an order that does not depend on the file system
 */
async function filesOf(root, source) {
  const entries = await readdir(path.join(root, source), { recursive: true, withFileTypes: true }).catch(
    (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'ENOTDIR') return null;
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  if (entries === null) return [source];
  return entries
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/** @typedef {{ readonly name: string, readonly output: string }} Built */

const stampOf = (/** @type {string} */ root, /** @type {Built} */ target) =>
  path.join(root, 'dist', '.built', target.name);

/**
 * @param {string} root
 * @param {Built} target
 * @param {string} print of its sources now
 */
export async function isUpToDate(root, target, print) {
  const known = await readFile(stampOf(root, target), 'utf8').catch(() => '');
  const there = await access(path.join(root, target.output)).then(
    () => true,
    () => false,
  );
  return there && known === print;
}

/**
 * @param {string} root
 * @param {Built} target
 * @param {string} print of the sources it was built from
 */
export async function remember(root, target, print) {
  const stamp = stampOf(root, target);
  await mkdir(path.dirname(stamp), { recursive: true });
  await writeFile(stamp, print);
}
