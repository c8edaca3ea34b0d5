/** Runs one program of a step to its end, and keeps what it printed. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

/**
 * @typedef {object} Program
 * @property {string} root the project's folder
 * @property {string} file a script's path, or the name of a program in node_modules/.bin
 * @property {readonly string[]} args
 * @property {Readonly<Record<string, string>>} env beside what this process has
 */

/**
 * @param {Program} program
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runProgram({ root, file, args, env }) {
  const isScript = file.endsWith('.mjs');
  const windows = process.platform === 'win32' && !isScript;
  const executable = isScript
    ? process.execPath
    : path.join(root, 'node_modules', '.bin', windows ? `${file}.cmd` : file);
  const child = spawn(executable, [...(isScript ? [path.join(root, file)] : []), ...args], {
    cwd: root,
    shell: windows,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FORCE_COLOR: '0', ...env },
  });
  /** @type {Buffer[]} */
  const chunks = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      chunks.push(chunk);
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output: Buffer.concat(chunks).toString() });
    });
  });
}
