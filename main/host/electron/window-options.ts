/** How a window is made. Its page is sandboxed, isolated from the preload, and has no Node. */
import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { WindowState } from './window-state.ts';

/** Electron's defaults are spelled out: a default that changes must not open this window. */
export function webPreferences(preload: string, devTools: boolean): WebPreferences {
  return {
    preload,
    devTools,
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
    // Output counts as drawn when the window has parsed it: slowed down while hidden, it would hold the shells back.
    backgroundThrottling: false,
  };
}

export interface WindowLook {
  readonly state: WindowState;
  readonly dark: boolean;
  readonly icon: string;
}

export function windowOptions(
  preferences: WebPreferences,
  { state, dark, icon }: WindowLook,
): BrowserWindowConstructorOptions {
  return {
    ...state.bounds,
    minWidth: 480,
    minHeight: 320,
    show: false,
    title: 'WebXTerm',
    icon,
    // Shown until the page has drawn; white would flash.
    backgroundColor: dark ? '#14161a' : '#ffffff',
    autoHideMenuBar: true,
    webPreferences: preferences,
  };
}
