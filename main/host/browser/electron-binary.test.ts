import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findElectron } from './electron-binary.ts';

let folder = '';
const program = () => path.join(folder, 'dist/webxterm-desktop.js');
const electron = () => path.join(folder, 'node_modules/electron');
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-electron-'));
  await mkdir(path.join(electron(), 'dist'), { recursive: true });
  await mkdir(path.dirname(program()));
  await writeFile(program(), '');
  await writeFile(path.join(electron(), 'package.json'), '{"name":"electron"}');
});
afterEach(() => rm(folder, { recursive: true }));

it('Electron is there when its package, the note of its program, and the program are', async () => {
  expect(findElectron(program(), undefined)).toBeNull();
  await writeFile(path.join(electron(), 'path.txt'), 'electron');
  expect(findElectron(program(), undefined)).toBeNull();
  await writeFile(path.join(electron(), 'dist/electron'), '');
  expect(findElectron(program(), undefined)).toBe(path.join(electron(), 'dist/electron'));
});

it('another Electron can be named', async () => {
  await writeFile(path.join(electron(), 'path.txt'), 'electron');
  const other = path.join(folder, 'other');
  await mkdir(other);
  expect(findElectron(program(), other)).toBeNull();
  await writeFile(path.join(other, 'electron'), '');
  expect(findElectron(program(), other)).toBe(path.join(other, 'electron'));
});

it('without its package there is none, and nothing is downloaded to find out', async () => {
  await rm(electron(), { recursive: true });
  expect(findElectron(program(), undefined)).toBeNull();
});
