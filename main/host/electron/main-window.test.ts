import { EventEmitter } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserWindowConstructorOptions } from 'electron';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMainWindow, type AppWindow } from './main-window.ts';
import { webPreferences } from './window-options.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'webxterm-main-window-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A window that notes what is done with it. */
function makeWindow(done: string[]): AppWindow & EventEmitter {
  const note = (what: string) => () => {
    done.push(what);
  };
  return Object.assign(new EventEmitter(), {
    webContents: Object.assign(new EventEmitter(), { reload: note('reload') }),
    loadURL: (url: string) => {
      done.push(url);
      return Promise.resolve();
    },
    show: note('show'),
    focus: note('focus'),
    restore: note('restore'),
    maximize: note('maximize'),
    isMinimized: () => true,
    isMaximized: () => true,
    getNormalBounds: () => ({ x: 1, y: 2, width: 900, height: 600 }),
  });
}

function setUp() {
  const made: { options: BrowserWindowConstructorOptions; window: AppWindow & EventEmitter; done: string[] }[] = [];
  const mainWindow = createMainWindow({
    make: (options) => {
      const done: string[] = [];
      const window = makeWindow(done);
      made.push({ options, window, done });
      return window;
    },
    preferences: webPreferences('/app/preload.cjs', false),
    look: () => ({ dark: false, icon: '/app/icon.png' }),
    displays: () => [{ x: 0, y: 0, width: 1920, height: 1080 }],
    stateFile: path.join(folder, 'window.json'),
    now: () => 0,
    giveUp: () => {},
    onError: () => {},
  });
  return { mainWindow, made };
}

it('loads the app’s page, and is shown once that has drawn', () => {
  const { mainWindow, made } = setUp();
  mainWindow.open();
  expect(made[0]?.done).toEqual(['app://webxterm/']);
  made[0]?.window.emit('ready-to-show');
  expect(made[0]?.done).toEqual(['app://webxterm/', 'show']);
  expect(made[0]?.options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true });
});

it('is brought to the front when it is there already', () => {
  const { mainWindow, made } = setUp();
  mainWindow.open();
  mainWindow.open();
  expect(made).toHaveLength(1);
  expect(made[0]?.done.slice(1)).toEqual(['restore', 'show', 'focus']);
});

it('remembers where it was when it is closed, and comes back there', async () => {
  const { mainWindow, made } = setUp();
  mainWindow.open();
  made[0]?.window.emit('close');
  made[0]?.window.emit('closed');
  const saved: unknown = JSON.parse(await readFile(path.join(folder, 'window.json'), 'utf8'));
  expect(saved).toEqual({ bounds: { x: 1, y: 2, width: 900, height: 600 }, maximized: true });
  mainWindow.open();
  expect(made[1]?.options).toMatchObject({ x: 1, y: 2, width: 900, height: 600 });
  expect(made[1]?.done).toContain('maximize');
});

it('is loaded again when its page’s process dies', () => {
  const { mainWindow, made } = setUp();
  mainWindow.open();
  const contents: unknown = made[0]?.window.webContents;
  if (contents instanceof EventEmitter) contents.emit('render-process-gone', {}, { reason: 'crashed' });
  expect(made[0]?.done).toContain('reload');
});
