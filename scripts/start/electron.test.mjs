import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provideElectron } from './electron.mjs';

const binaryNote = () => path.join(folder, 'node_modules/electron/path.txt');
const day = 24 * 60 * 60 * 1000;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-electron-'));
  await mkdir(path.join(folder, 'node_modules/electron'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

/** @param {{ fetches?: boolean, env?: NodeJS.ProcessEnv, isRoot?: boolean, now?: number }} change */
async function provide({ fetches = false, env = { DISPLAY: ':0' }, isRoot = false, now = 100 * day } = {}) {
  /** @type {string[]} */
  const said = [];
  let asked = 0;
  await provideElectron({
    root: folder,
    data: folder,
    say: (line) => {
      said.push(line);
    },
    here: { platform: 'linux', env, isRoot, now: () => now },
    programs: {
      run: async () => {
        asked += 1;
        if (fetches) await writeFile(binaryNote(), 'electron');
        return { code: fetches ? 0 : 1, stdout: '', stderr: 'getaddrinfo ENOTFOUND' };
      },
      start: () => Promise.reject(new Error('not used')),
      end: () => Promise.resolve(),
      kill: () => {},
    },
  });
  return { said, asked };
}

describe('Electron', () => {
  it('is fetched when its binary is not there', async () => {
    expect(await provide({ fetches: true })).toEqual({
      said: ['Electron is fetched; this may take a minute.'],
      asked: 1,
    });
    expect(await provide()).toEqual({ said: [], asked: 0 });
  });

  it('is done without when there is no network for it, in one sentence, and asked for again after a day', async () => {
    const { said } = await provide();
    expect(said.at(-1)).toContain('could not be fetched, so the window opens in a browser');
    expect(await provide({ now: 101 * day - 1 })).toEqual({ said: [], asked: 0 });
    expect((await provide({ now: 101 * day })).asked).toBe(1);
  });

  it.each([
    ['root, who will not run it', { isRoot: true }],
    ['a check, which has no one to show it to', { env: { DISPLAY: ':0', CI: 'true' } }],
    ['a computer without a display', { env: {} }],
  ])('is not fetched for %s', async (_who, change) => {
    expect(await provide(change)).toEqual({ said: [], asked: 0 });
  });
});
