import { expect, it } from 'vitest';
import { webPreferences, windowOptions } from './window-options.ts';

it('the page is sandboxed, isolated, without Node, webviews, and insecure content, and goes on while hidden', () => {
  expect(webPreferences('/app/preload.cjs', false)).toEqual({
    preload: '/app/preload.cjs',
    devTools: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
    backgroundThrottling: false,
  });
});

it('a window has these preferences, comes where it was, and does not flash white in the dark', () => {
  const preferences = webPreferences('/app/preload.cjs', true);
  const state = { bounds: { x: 10, y: 20, width: 900, height: 700 }, maximized: false };
  const options = windowOptions(preferences, { state, dark: true, icon: '/app/icon.png' });
  expect(options).toMatchObject({ ...state.bounds, show: false, icon: '/app/icon.png', webPreferences: preferences });
  expect(options.backgroundColor).not.toBe('#ffffff');
});
