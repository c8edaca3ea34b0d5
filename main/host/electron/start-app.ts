/** Composition root of the Electron host, once the app is ready. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import { createDesktop } from '../../core/desktop.ts';
import { endSignal } from '../ending.ts';
import type { Host } from '../host.ts';
import { createOpened } from '../opened.ts';
import { claimProfile } from '../single-instance.ts';
import { createActionsInbox } from './actions-inbox.ts';
import { actionOfLink, linkAmong } from './deep-link.ts';
import { closeBeforeQuit } from './ending.ts';
import { createElectronHost } from './host.ts';
import { createMainWindow, type MainWindow } from './main-window.ts';
import { menuTemplate, type MenuParts } from './menu.ts';
import { servePage } from './page-protocol.ts';
import { lockSession } from './permissions.ts';
import { keepTray, type TrayIcon } from './tray.ts';
import { carryWindows } from './window-ipc.ts';
import { webPreferences } from './window-options.ts';

export interface AppParts {
  readonly profile: string;
  /** dist/electron */
  readonly folder: string;
  /** A link that came before the app was ready. */
  readonly firstLink: () => string | null;
}

const { platform, env } = process;

export async function startApp(parts: AppParts): Promise<void> {
  const opened = createOpened(logError);
  const ending = new AbortController();
  lockSession(session.defaultSession);
  servePage(protocol, { rendererFolder: path.join(parts.folder, '../renderer'), newNonce });
  const mainWindow = makeMainWindow(parts);
  const openWindow = () => {
    mainWindow.open();
  };
  const instance = await claimProfile(parts.profile, { open: 'window' }, () => {
    openWindow();
    return Promise.resolve({ said: 'The desktop that runs already shows its window.' });
  });
  if (!instance.first) {
    app.quit();
    return;
  }
  opened.add(instance);

  const desktop = opened.add(createDesktop(makeHost(parts, openWindow), { env }));
  const inbox = createActionsInbox(desktop.connectWindow, (action) => {
    desktop.requestAction(action);
  });
  const wishes = { openWindow, request: inbox.request, quit: () => app.quit() };
  carryWindows({
    ipc: ipcMain,
    connectWindow: inbox.connectWindow,
    newChannel: () => new MessageChannelMain(),
    onStranger: (url) => {
      logError(`A message from ${url} was refused.`);
    },
  });
  setMenu(mainWindow, wishes);
  const images = { quiet: imageIn(parts.folder, 'tray.png'), visited: imageIn(parts.folder, 'tray-visited.png') };
  keepTray({ icon: trayIcon(images.quiet), images, connectWindow: desktop.connectWindow, wishes }, ending.signal);
  followLinks(parts.firstLink(), openWindow, inbox.request);

  app.on('activate', openWindow);
  // It goes on in the tray: this computer's agent and its notifications live in it.
  app.on('window-all-closed', () => {});
  closeBeforeQuit(app, async () => {
    ending.abort();
    await opened[Symbol.asyncDispose]();
  });
  endSignal(process, () => process.exit(1)).addEventListener('abort', wishes.quit);
}

function makeMainWindow({ profile, folder }: AppParts): MainWindow {
  return createMainWindow({
    make: (options) => new BrowserWindow(options),
    preferences: webPreferences(path.join(folder, 'preload.cjs'), !app.isPackaged),
    look: () => ({ dark: nativeTheme.shouldUseDarkColors, icon: imageIn(folder, 'icon.png') }),
    displays: () => screen.getAllDisplays().map(({ workArea }) => workArea),
    stateFile: path.join(profile, 'window.json'),
    now: Date.now,
    giveUp: (reason) => {
      dialog.showErrorBox('The window of WebXTerm ended', `It ended several times in a minute (${reason}).`);
    },
    onError: logError,
  });
}

function makeHost({ profile, folder }: AppParts, openWindow: () => void): Host {
  return createElectronHost({
    profile,
    version: app.getVersion(),
    shell,
    clipboard,
    showNotification: (notification) => {
      const shown = new Notification(notification);
      shown.on('click', openWindow);
      shown.show();
    },
    powerMonitor,
    session: session.defaultSession,
    utility: { fork: (...asked) => utilityProcess.fork(...asked), entryFile: path.join(folder, 'agent.js'), env },
    now: Date.now,
  });
}

function setMenu(mainWindow: MainWindow, wishes: Pick<MenuParts, 'openWindow' | 'request' | 'quit'>): void {
  const template = menuTemplate({
    ...wishes,
    platform,
    devTools: !app.isPackaged,
    reload: () => {
      mainWindow.reload();
    },
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function trayIcon(image: string): TrayIcon {
  const tray = new Tray(image);
  return {
    setImage: (file) => {
      tray.setImage(file);
    },
    setToolTip: (text) => {
      tray.setToolTip(text);
    },
    setMenu: (items) => {
      tray.setContextMenu(Menu.buildFromTemplate(items));
    },
  };
}

/** Links given at the start, by a second start, and by macOS while the app runs. */
function followLinks(first: string | null, openWindow: () => void, request: (action: string) => void): void {
  const follow = (link: string | null) => {
    openWindow();
    const action = link === null ? null : actionOfLink(link);
    if (action !== null) request(action);
  };
  app.on('second-instance', (_event, args) => {
    follow(linkAmong(args));
  });
  app.on('open-url', (_event, link) => {
    follow(link);
  });
  follow(first);
}

const imageIn = (folder: string, name: string) => path.join(folder, 'images', name);
const newNonce = () => randomBytes(16).toString('base64url');

function logError(error: unknown): void {
  console.error(error);
}
