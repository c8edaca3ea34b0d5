import { describe, expect, it } from 'vitest';
import { findBrowser, hasDisplay } from './browsers.ts';

const having = (...files: string[]) => ({ canRun: (file: string) => files.includes(file) });

describe('a Chromium-family browser is found', () => {
  it('on Linux along the path', () => {
    const env = { PATH: '/usr/local/bin:/usr/bin' };
    expect(findBrowser({ platform: 'linux', env, ...having('/usr/bin/chromium') })).toBe('/usr/bin/chromium');
    expect(findBrowser({ platform: 'linux', env, ...having('/usr/bin/brave-browser') })).toBe('/usr/bin/brave-browser');
  });

  it('on macOS among the applications of the computer and of the person', () => {
    const own = '/Users/ada/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge';
    expect(findBrowser({ platform: 'darwin', env: { HOME: '/Users/ada' }, ...having(own) })).toBe(own);
  });

  it('on Windows in each folder programs are installed to', () => {
    const env = { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\Ada\\AppData\\Local' };
    const own = 'C:\\Users\\Ada\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe';
    expect(findBrowser({ platform: 'win32', env, ...having(own) })).toBe(own);
  });

  it('by CHROMIUM_PATH before all others, and not elsewhere when that is wrong', () => {
    const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/opt/my/chrome' };
    const { canRun } = having('/usr/bin/chromium', '/opt/my/chrome');
    expect(findBrowser({ platform: 'linux', env, canRun })).toBe('/opt/my/chrome');
    expect(findBrowser({ platform: 'linux', env, ...having('/usr/bin/chromium') })).toBeNull();
  });

  it('not in the current folder, whatever the path says', () => {
    expect(findBrowser({ platform: 'linux', env: { PATH: '.:' }, canRun: () => true })).toBeNull();
  });
});

it('a Linux without X and Wayland has no display, other systems always have one', () => {
  expect(hasDisplay({ platform: 'linux', env: {} })).toBe(false);
  expect(hasDisplay({ platform: 'linux', env: { DISPLAY: ':0' } })).toBe(true);
  expect(hasDisplay({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe(true);
  expect(hasDisplay({ platform: 'darwin', env: {} })).toBe(true);
});
