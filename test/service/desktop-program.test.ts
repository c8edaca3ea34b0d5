/** The program `webxterm-desktop`, as it is built: what it says, where it fails, how it ends, and a real browser it opens. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { findBrowser } from '../../scripts/system-packages.mjs';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist/webxterm-desktop.js');
const runs = /WebXTerm runs at http:\/\/127\.0\.0\.1:(\d+)/u;

beforeAll(() => run(process.execPath, ['scripts/build.mjs'], { cwd: root }), 240_000);

let folder = '';
let children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-desktop-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await rm(folder, { recursive: true, maxRetries: 10 });
});
const profile = () => path.join(folder, 'profile');

function start(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const child = spawn(process.execPath, [program, '--profile', profile(), ...args], { env: { ...env, ...more } });
  children.push(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const sees = (text: string | RegExp) =>
    vi.waitFor(() => expect(printed).toMatch(text), { timeout: 30_000, interval: 50 });
  return { child, exited, sees, printed: () => printed };
}

describe('webxterm-desktop', () => {
  it.each(['webxterm-desktop', 'webxterm-agent', 'webxterm-backend'])(
    '%s tells the version of its package',
    async (name) => {
      const { version } = z
        .object({ version: z.string() })
        .parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
      const { stdout } = await run(process.execPath, [path.join(root, `dist/${name}.js`), '--version']);
      expect(stdout.trim()).toBe(version);
    },
  );

  it('without a display prints the address, and the file that opens the window', async () => {
    const desktop = start([]);
    await desktop.sees(runs);
    expect(desktop.printed()).toContain('There is no display here to show a window on.');
    expect(desktop.printed()).toMatch(new RegExp(`^ {2}${profile()}/launch/\\S+\\.html$`, 'mu'));
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends at %s, and leaves no way in', async (signal) => {
    const desktop = start(['--no-open']);
    await desktop.sees(runs);
    desktop.child.kill(signal);
    expect(await desktop.exited).toBe(0);
    const left = await readdir(profile());
    for (const name of ['desktop.sock', 'launch', 'starting.lock']) expect(left).not.toContain(name);
  });

  it('started a second time prints another way in, and ends', async () => {
    const first = start(['--no-open']);
    await first.sees(runs);
    const second = start(['--no-open']);
    expect(await second.exited).toBe(0);
    expect(second.printed()).toMatch(/^ {2}\S+\.html$/mu);
    expect(second.printed()).not.toMatch(runs);
  });

  it('takes a corrupt settings file aside and starts', async () => {
    const first = start(['--no-open']);
    await first.sees(runs);
    first.child.kill('SIGTERM');
    await first.exited;
    await writeFile(path.join(profile(), 'settings.json'), '{"settings":');
    const second = start(['--no-open']);
    await second.sees(runs);
    expect((await readdir(profile())).filter((name) => name.includes('broken'))).toHaveLength(1);
  });

  it('says that its port is taken, and what to do', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = z.object({ port: z.int() }).parse(squatter.address());
    const desktop = start(['--no-open', '--port', String(port)]);
    expect(await desktop.exited).toBe(1);
    expect(desktop.printed()).toContain(`Port ${port} is taken by another program. Choose another with --port`);
    squatter.close();
  });

  it('says that its profile cannot be had, and what to do', async () => {
    await writeFile(profile(), 'a file');
    const desktop = start(['--no-open']);
    expect(await desktop.exited).toBe(1);
    expect(desktop.printed()).toContain(`The profile ${profile()} cannot be made or is not yours. Choose another with`);
  });

  it('says why Electron cannot be had when it was asked for', async () => {
    const desktop = start(['--host', 'electron'], { ELECTRON_OVERRIDE_DIST_PATH: path.join(folder, 'none') });
    expect(await desktop.exited).toBe(1);
    expect(desktop.printed()).toContain('Electron is not installed here.');
  });
});

/** The installed one without a screen; it opens the launcher file as a person's would. */
async function headlessBrowser(): Promise<string> {
  const file = path.join(folder, 'browser');
  await writeFile(
    file,
    `#!/bin/sh\nexec '${findBrowser() ?? 'none'}' --headless=new --disable-gpu --no-sandbox "$@"\n`,
  );
  await chmod(file, 0o755);
  return file;
}

describe.skipIf(process.platform !== 'linux')('a real browser', () => {
  it('opens a window by the launcher file, which is used up by that, and is closed with the desktop', async () => {
    const desktop = start([], { DISPLAY: ':0', CHROMIUM_PATH: await headlessBrowser() });
    await desktop.sees('A window is opened');
    await vi.waitFor(async () => expect(await readdir(path.join(profile(), 'launch'))).toEqual([]), {
      timeout: 30_000,
    });
    desktop.child.kill('SIGTERM');
    expect(await desktop.exited).toBe(0);
    const { stdout } = await run('ps', ['-eo', 'args']);
    expect(stdout.split('\n').filter((line) => line.includes(`--user-data-dir=${profile()}`))).toEqual([]);
  });
});
