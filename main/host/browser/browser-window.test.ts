import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBrowserWindows, type BrowserParts } from './browser-window.ts';
import { isExecutable } from './browsers.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-browser-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that notes its arguments, then does this. */
async function browserThat(does: string): Promise<string> {
  const file = path.join(folder, 'chromium');
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/arguments'\n${does}\n`);
  await chmod(file, 0o755);
  return file;
}

function windows(change: Partial<BrowserParts>) {
  const openedByDefault: string[] = [];
  const made = createBrowserWindows({
    profile: path.join(folder, 'profile'),
    platform: 'linux',
    env: { DISPLAY: ':0', PATH: folder },
    canRun: isExecutable,
    isRoot: false,
    openDefault: (file) => Promise.resolve(void openedByDefault.push(file)),
    ...change,
  });
  return { ...made, openedByDefault };
}
const noted = async () => (await readFile(path.join(folder, 'arguments'), 'utf8')).trim().split('\n');
const launcher = '/home/ada/profile/launch/a b.html';

describe.skipIf(process.platform === 'win32')('a window', () => {
  it('is one of its own in a Chromium-family browser, with a browser profile of its own', async () => {
    await browserThat('sleep 30');
    await using browser = windows({});
    expect(await browser.show(launcher)).toEqual({ ok: true, by: 'app-window', sandboxed: true });
    await vi.waitFor(async () => {
      const args = await noted();
      expect(args).toContain('--app=file:///home/ada/profile/launch/a%20b.html');
      expect(args).toContain(`--user-data-dir=${folder}/profile/browser`);
      expect(args).not.toContain('--no-sandbox');
    });
    expect(browser.openedByDefault).toEqual([]);
  });

  it('is closed with the desktop', async () => {
    await browserThat(`echo $$ > '${folder}/pid'; exec sleep 30`);
    const browser = windows({});
    await browser.show(launcher);
    const pid = await vi.waitFor(async () => {
      const read = Number(await readFile(path.join(folder, 'pid'), 'utf8'));
      expect(read).toBeGreaterThan(0);
      return read;
    });
    await browser[Symbol.asyncDispose]();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('goes on at full speed while hidden: what it has not parsed holds the shells back', async () => {
    await browserThat('sleep 30');
    await using browser = windows({});
    await browser.show(launcher);
    await vi.waitFor(async () =>
      expect(await noted()).toEqual(
        expect.arrayContaining([
          '--disable-background-timer-throttling',
          '--disable-renderer-backgrounding',
          '--disable-backgrounding-occluded-windows',
        ]),
      ),
    );
  });

  it('of root is said to have no sandbox, which Chromium does not give it', async () => {
    await browserThat('sleep 30');
    await using browser = windows({ isRoot: true });
    expect(await browser.show(launcher)).toMatchObject({ ok: true, sandboxed: false });
    await vi.waitFor(async () => expect(await noted()).toContain('--no-sandbox'));
  });

  it('is a tab of the person’s browser where there is no Chromium', async () => {
    await using browser = windows({ env: { DISPLAY: ':0', PATH: '' } });
    expect(await browser.show(launcher)).toEqual({ ok: true, by: 'default-browser', sandboxed: true });
    expect(browser.openedByDefault).toEqual([launcher]);
  });

  it('is a tab, too, where the browser that was found does not start', async () => {
    await writeFile(path.join(folder, 'chromium'), '#!/no/such/interpreter\n', { mode: 0o755 });
    await using browser = windows({});
    expect(await browser.show(launcher)).toMatchObject({ by: 'default-browser' });
  });

  it('cannot be shown without any browser, or without a display: said by a code', async () => {
    const nothing = new Error('nothing to open it with');
    await using none = windows({ env: { DISPLAY: ':0', PATH: '' }, openDefault: () => Promise.reject(nothing) });
    expect(await none.show(launcher)).toEqual({ ok: false, code: 'no-browser' });
    await using headless = windows({ env: { PATH: folder } });
    expect(await headless.show(launcher)).toEqual({ ok: false, code: 'no-display' });
  });
});
