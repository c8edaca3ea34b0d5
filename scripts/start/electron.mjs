/** Electron's binary, which does not come with its package: asked for once in a while, done without when it cannot be had. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { memorize, recall } from './memory.mjs';

const tryWithinMs = 120_000;
const tryAgainAfterMs = 24 * 60 * 60 * 1000;

/**
 * @typedef {object} ElectronWish
 * @property {string} root
 * @property {string} data
 * @property {import('./programs.mjs').Programs} programs
 * @property {(line: string) => void} say
 * @property {{ platform: NodeJS.Platform, env: NodeJS.ProcessEnv, isRoot: boolean, now: () => number }} here
 */

/** @param {ElectronWish} wish */
export async function provideElectron({ root, data, programs, say, here }) {
  if ((await isThere(root)) || !isWanted(here)) return;
  const { electronTriedAt } = await recall(data);
  if (here.now() - electronTriedAt < tryAgainAfterMs) return;
  say('Electron is fetched; this may take a minute.');
  await memorize(data, { electronTriedAt: here.now() });
  const { code } = await programs.run({ args: ['node_modules/electron/install.js'], withinMs: tryWithinMs });
  if (code !== 0 || !(await isThere(root)))
    say('Electron could not be fetched, so the window opens in a browser. To try again: npx install-electron');
}

/** @param {string} root */
async function isThere(root) {
  const program = await readFile(path.join(root, 'node_modules/electron/path.txt'), 'utf8').catch(() => null);
  return program !== null;
}

/**
 * Where it cannot be shown, or by whom it will not be run, it need not be fetched.
 * @param {ElectronWish['here']} here
 */
function isWanted({ platform, env, isRoot }) {
  const hasDisplay = platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  return hasDisplay && !isRoot && !env['CI'];
}
