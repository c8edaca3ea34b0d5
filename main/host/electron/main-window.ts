/** The window of the app: made when there is none, shown when it is asked for, found again where it was. */
import type { BrowserWindowConstructorOptions, Rectangle, WebPreferences } from 'electron';
import { reloadAfterCrash, type CrashParts } from './crash.ts';
import { pageUrl } from './page-address.ts';
import { windowOptions, type WindowLook } from './window-options.ts';
import { loadWindowState, saveWindowState } from './window-state.ts';

/** What is used of Electron's BrowserWindow. */
export interface AppWindow {
  readonly webContents: Parameters<typeof reloadAfterCrash>[0] & { reload(): void };
  loadURL(url: string): Promise<void>;
  show(): void;
  focus(): void;
  restore(): void;
  isMinimized(): boolean;
  maximize(): void;
  isMaximized(): boolean;
  getNormalBounds(): Rectangle;
  once(event: 'ready-to-show', listener: () => void): unknown;
  on(event: 'close' | 'closed', listener: () => void): unknown;
}

export interface MainWindowParts extends CrashParts {
  readonly make: (options: BrowserWindowConstructorOptions) => AppWindow;
  readonly preferences: WebPreferences;
  readonly look: () => Omit<WindowLook, 'state'>;
  readonly displays: () => readonly Rectangle[];
  readonly stateFile: string;
  readonly onError: (error: unknown) => void;
}

export interface MainWindow {
  /** Makes it or brings it to the front. */
  open(): void;
  reload(): void;
}

export function createMainWindow(parts: MainWindowParts): MainWindow {
  let window: AppWindow | null = null;
  const make = () => {
    const state = loadWindowState(parts.stateFile, parts.displays());
    const made = parts.make(windowOptions(parts.preferences, { ...parts.look(), state }));
    if (state.maximized) made.maximize();
    made.once('ready-to-show', () => {
      made.show();
    });
    made.on('close', () => {
      saveWindowState(parts.stateFile, { bounds: made.getNormalBounds(), maximized: made.isMaximized() });
    });
    made.on('closed', () => {
      window = null;
    });
    reloadAfterCrash(made.webContents, parts);
    made.loadURL(pageUrl).catch(parts.onError);
    return made;
  };
  return {
    open() {
      if (!window) {
        window = make();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    reload() {
      window?.webContents.reload();
    },
  };
}
