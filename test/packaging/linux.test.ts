/** The installed app for Linux, packed around a made-up Electron: what is in it, what lies beside it, and what cannot be done with it. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listArchive, type ArchivedFile } from './archive.ts';
import { makeUpElectron } from './made-up-electron.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const config = () => readFile(path.join(root, 'electron-builder.yml'), 'utf8');
const describedPackage = z.object({ version: z.string(), devDependencies: z.object({ electron: z.string() }) });

describe.skipIf(process.platform !== 'linux')('the installed app', () => {
  let folder = '';
  let app = '';
  let files: readonly ArchivedFile[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'webxterm-packaging-'));
    app = path.join(folder, 'out', process.arch === 'arm64' ? 'linux-arm64-unpacked' : 'linux-unpacked');
    await run(process.execPath, ['scripts/build.mjs'], { cwd: root });
    const { devDependencies } = describedPackage.parse(
      JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')),
    );
    await makeUpElectron(path.join(folder, 'electron'), devDependencies.electron);
    const builder = createRequire(import.meta.url).resolve('electron-builder/cli.js');
    const output = path.join(folder, 'out');
    const args = ['--linux', '--dir', `-c.electronDist=${folder}/electron`, `-c.directories.output=${output}`];
    await run(process.execPath, [builder, ...args], { cwd: root });
    files = await listArchive(path.join(app, 'resources/app.asar'));
  }, 240_000);
  afterAll(() => rm(folder, { recursive: true }));
  const paths = () => files.map((file) => file.path);

  it('has both halves of the window, its preload, its agent and its images', () => {
    for (const file of [
      'package.json',
      'dist/electron/main.js',
      'dist/electron/preload.cjs',
      'dist/electron/agent.js',
      'dist/electron/images/icon.png',
      'dist/electron/images/tray.png',
      'dist/electron/images/tray-visited.png',
      'dist/webxterm-agent.js',
      'dist/renderer/index.html',
    ])
      expect(paths()).toContain(file);
    expect(paths().filter((file) => /^dist\/renderer\/assets\/.+\.(?:js|css)$/u.test(file)).length).toBeGreaterThan(1);
  });

  it('has no server, no sources, no tests, and of the packages only those with a compiled part for this system', () => {
    const packed = paths().filter(
      (file) => !/^(?:package\.json|dist\/(?:electron|renderer|webxterm-agent\.js))/u.test(file),
    );
    const packages = new Set(packed.map((file) => file.split('/').slice(0, 3).join('/')));
    const system = `linux-${process.arch}`;
    expect([...packages].filter((name) => !name.startsWith('node_modules/@napi-rs/keyring-linux')).toSorted()).toEqual([
      'node_modules/@lydell/node-pty',
      `node_modules/@lydell/node-pty-${system}`,
      'node_modules/@napi-rs/keyring',
    ]);
    const foreign = paths().filter((file) => /win32|darwin|android|freebsd/u.test(file));
    expect(foreign.filter((file) => file.startsWith('node_modules/@lydell/'))).toEqual([]);
  });

  it('has its compiled parts beside the archive, where the system can load them', () => {
    const compiled = files.filter((file) => file.path.endsWith('.node'));
    expect(compiled.map((file) => path.basename(file.path)).toSorted()).toEqual([
      expect.stringMatching(/^keyring\.linux-.*\.node$/u),
      'pty.node',
    ]);
    for (const file of compiled) {
      expect(file.unpacked, file.path).toBe(true);
      const loaded: unknown = createRequire(import.meta.url)(path.join(app, 'resources/app.asar.unpacked', file.path));
      expect(loaded).toBeTypeOf('object');
    }
  });

  it('cannot be made to run as Node, to be inspected, or to load another app', async () => {
    const wire = await getCurrentFuseWire(path.join(app, 'webxterm'));
    const state = (fuse: FuseV1Options) => (String.fromCharCode(wire[fuse] ?? 0) === '1' ? 'on' : 'off');
    expect(state(FuseV1Options.RunAsNode)).toBe('off');
    expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe('off');
    expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe('off');
    expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe('off');
    expect(state(FuseV1Options.EnableCookieEncryption)).toBe('on');
    expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe('on');
    expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe('on');
  });

  it('speaks the language it is written in, and brings the licences along', async () => {
    expect(await readdir(path.join(app, 'locales'))).toEqual(['en-US.pak']);
    expect(await readdir(app)).toEqual(expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']));
  });
});

describe('the installers', () => {
  it('register the app’s links, on Linux too (elsewhere: deep links lost on Linux)', async () => {
    expect(await config()).toMatch(/schemes: \[webxterm\]/u);
    expect(await config()).toMatch(/mimeTypes: \[x-scheme-handler\/webxterm\]/u);
  });

  it('harden the app on macOS', async () => {
    expect(await config()).toMatch(/hardenedRuntime: true/u);
    const entitlements = await readFile(path.join(root, 'main/host/electron/mac-entitlements.plist'), 'utf8');
    expect([...entitlements.matchAll(/<key>(.+?)<\/key>/gu)].map(([, key]) => key)).toEqual([
      'com.apple.security.cs.allow-jit',
    ]);
  });
});
