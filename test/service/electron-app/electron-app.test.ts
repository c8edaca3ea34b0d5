/** The Electron app as it is built, in a plain Node around a stand-in for Electron: it starts in order, reaches its core, and ends. */
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { channels } from '../../../protocol/bridge/preload.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
const told = z.object({ did: z.string(), detail: z.unknown() });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-electron-app-'));
  await run(process.execPath, ['scripts/build.mjs'], { cwd: root });
  await build({
    entryPoints: [path.join(import.meta.dirname, 'fake-electron.ts')],
    outfile: path.join(folder, 'electron.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
}, 240_000);
afterAll(() => rm(folder, { recursive: true }));

const asUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** Makes `electron` the stand-in, before the app is loaded. */
function withFake(): string {
  const fake = pathToFileURL(path.join(folder, 'electron.mjs')).href;
  const hooks = `export const resolve = (name, context, next) =>
    name === 'electron' ? { url: ${JSON.stringify(fake)}, shortCircuit: true } : next(name, context);`;
  return asUrl(`import { register } from 'node:module'; register(${JSON.stringify(asUrl(hooks))});`);
}

let profile = '';
let app: ChildProcess;
let done: z.infer<typeof told>[] = [];
beforeEach(async () => {
  profile = await mkdtemp(path.join(folder, 'profile-'));
  done = [];
  app = fork(path.join(root, 'dist/electron/main.js'), [`--profile=${profile}`], {
    execArgv: ['--import', withFake()],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  app.on('message', (message) => done.push(told.parse(message)));
  await did('loadURL');
});
afterEach(() => {
  app.kill('SIGKILL');
});

const names = () => done.map((one) => one.did);
const did = (name: string) => vi.waitFor(() => expect(names()).toContain(name), { timeout: 20_000 });
const detailOf = (name: string) => done.find((one) => one.did === name)?.detail;
const say = (channel: string, message: unknown = null) => app.send({ do: 'say', channel, message });
const call = (id: number, name: string) => say(channels.toMain, { type: 'call', id, name, input: null });
const sent = () => JSON.stringify(done.filter((one) => one.did === 'send').map((one) => one.detail));

describe('the Electron app', () => {
  it('settles sandbox, scheme and profile before it is ready, and locks its session before it shows a window', () => {
    const before = (first: string, second: string) => {
      expect(names()).toContain(first);
      expect(names().indexOf(first)).toBeLessThan(names().indexOf(second));
    };
    for (const first of ['setPath', 'enableSandbox', 'registerSchemesAsPrivileged']) before(first, 'ready');
    for (const first of [
      'setPermissionRequestHandler',
      'setPermissionCheckHandler',
      'setDevicePermissionHandler',
      'onBeforeRequest',
      'handle',
    ])
      before(first, 'BrowserWindow');
    expect(detailOf('setPath')).toEqual(['userData', path.join(profile, 'electron')]);
    expect(detailOf('loadURL')).toBe('app://webxterm/');
    expect(detailOf('BrowserWindow')).toMatchObject({
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
    });
    expect(names()).toContain('setWindowOpenHandler');
  });

  it('serves its page under its policy', async () => {
    app.send({ do: 'fetch', url: 'app://webxterm/' });
    await did('fetched');
    expect(detailOf('fetched')).toEqual([
      200,
      expect.stringContaining("default-src 'none'; script-src 'self'"),
      expect.stringContaining('<div id="root">'),
    ]);
  });

  it('connects its page to the core: calls, events, and a port for a terminal', async () => {
    say(channels.connect);
    call(1, 'app.info');
    call(2, 'clipboard.read');
    say(channels.toMain, { type: 'subscribe', name: 'accounts.changed' });
    await vi.waitFor(() => {
      expect(sent()).toContain('"version":"1.2.3"');
      expect(sent()).toContain('from the clipboard');
      expect(sent()).toContain('"name":"accounts.changed"');
    });
    say(channels.terminal, { terminal: 'unknown', request: 3 });
    await did('postMessage');
    expect(detailOf('postMessage')).toEqual([channels.terminal, { type: 'webxterm.terminal-port', request: 3 }]);
  });

  it('hands the link of a second start to its window (elsewhere: lost when the app already runs)', async () => {
    app.send({ do: 'second-instance', args: ['webxterm', 'webxterm://settings'] });
    await did('focus');
    say(channels.connect);
    say(channels.toMain, { type: 'subscribe', name: 'actions.requested' });
    await vi.waitFor(() => expect(sent()).toContain('page.settings'));
  });

  it('shows its state in the tray', async () => {
    await did('tray.setToolTip');
    expect(detailOf('tray.setToolTip')).toEqual(['WebXTerm\nNot signed in']);
    expect(names()).toContain('setApplicationMenu');
  });

  it('closes what it opened when it quits', async () => {
    expect(await readdir(profile)).toContain('desktop.sock');
    const exited = new Promise((resolve) => {
      app.once('exit', resolve);
    });
    app.send({ do: 'quit' });
    expect(await exited).toBe(0);
    expect(await readdir(profile)).not.toContain('desktop.sock');
  });
});
