import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadWindowState, saveWindowState } from './window-state.ts';

const display = { x: 0, y: 0, width: 1920, height: 1080 };
const atFirst = { bounds: { width: 1280, height: 800 }, maximized: false };
let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-window-'));
  file = path.join(folder, 'window.json');
});
afterEach(() => rm(folder, { recursive: true }));

it('the window comes back where it was', async () => {
  const state = { bounds: { x: 100, y: 50, width: 1000, height: 700 }, maximized: true };
  saveWindowState(file, state);
  expect(loadWindowState(file, [display])).toEqual(state);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it.each([
  ['on a display that is gone', { x: 3000, y: 100 }],
  ['above every display, its title bar out of reach', { x: 100, y: -200 }],
  ['with only its edge showing', { x: 1900, y: 100 }],
])('keeps its size but not its place %s', (_where, place) => {
  saveWindowState(file, { bounds: { ...place, width: 1000, height: 700 }, maximized: false });
  expect(loadWindowState(file, [display])).toEqual({ bounds: { width: 1000, height: 700 }, maximized: false });
});

it('is as at first when nothing, or nonsense, is remembered', async () => {
  expect(loadWindowState(file, [display])).toEqual(atFirst);
  for (const nonsense of ['', '{', '{"bounds":{"x":0,"y":0,"width":-5,"height":1e9},"maximized":false}']) {
    await writeFile(file, nonsense);
    expect(loadWindowState(file, [display])).toEqual(atFirst);
  }
});

it('a folder that cannot be written keeps no window from closing', () => {
  expect(() => {
    saveWindowState(path.join(folder, 'none', 'window.json'), { bounds: { ...display }, maximized: false });
  }).not.toThrow();
});
