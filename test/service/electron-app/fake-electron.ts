/**
 * Stands for the module `electron` in a plain Node: keeps what the app registers, tells its parent what the app does, and does what the
 * parent asks. It shows nothing and checks nothing; it proves that the built app holds together and reaches its core.
 */
import { EventEmitter } from 'node:events';
import type { MessagePort } from 'node:worker_threads';

const tell = (did: string, detail: unknown = null) => process.send?.({ did, detail });
const noting =
  (did: string) =>
  (...detail: unknown[]) => {
    tell(did, detail);
  };

const quit = () => {
  const event = new Event('will-quit', { cancelable: true });
  app.emit('will-quit', event);
  if (!event.defaultPrevented) process.exit(0);
};
export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  getVersion: () => '1.2.3',
  setPath: noting('setPath'),
  enableSandbox: noting('enableSandbox'),
  requestSingleInstanceLock: () => true,
  whenReady: () => Promise.resolve(tell('ready')),
  quit,
  exit: (code: number) => process.exit(code),
});

class FakeContents extends EventEmitter {
  readonly mainFrame = { url: 'app://webxterm/' };
  readonly isDestroyed = () => false;
  readonly reload = noting('reload');
  readonly setWindowOpenHandler = noting('setWindowOpenHandler');
  readonly send = noting('send');
  readonly postMessage = (channel: string, message: unknown, ports: readonly { readonly real: MessagePort }[]) => {
    tell('postMessage', [channel, message]);
    ports[0]?.real.on('message', noting('fromPort'));
    ports[0]?.real.postMessage('{"type":"attach","consumed":null,"cols":80,"rows":24}', []);
  };
}
let contents: FakeContents | null = null;

export class BrowserWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly show = noting('show');
  readonly focus = noting('focus');
  readonly restore = noting('restore');
  readonly maximize = noting('maximize');
  readonly isMinimized = () => false;
  readonly isMaximized = () => false;
  readonly getNormalBounds = () => ({ x: 0, y: 0, width: 800, height: 600 });
  constructor(options: unknown) {
    super();
    contents = this.webContents;
    app.emit('web-contents-created', {}, contents);
    tell('BrowserWindow', options);
  }
  loadURL(url: string) {
    tell('loadURL', url);
    this.emit('ready-to-show');
    return Promise.resolve();
  }
}

let servePage: ((request: Request) => Promise<Response>) | null = null;
export const protocol = {
  registerSchemesAsPrivileged: noting('registerSchemesAsPrivileged'),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => {
    tell('handle', scheme);
    servePage = handler;
  },
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: () => tell('setPermissionRequestHandler'),
    setPermissionCheckHandler: () => tell('setPermissionCheckHandler'),
    setDevicePermissionHandler: () => tell('setDevicePermissionHandler'),
    setDisplayMediaRequestHandler: () => tell('setDisplayMediaRequestHandler'),
    setSpellCheckerEnabled: noting('setSpellCheckerEnabled'),
    on: (event: string) => tell('session.on', event),
    webRequest: { onBeforeRequest: () => tell('onBeforeRequest') },
  },
};
export const ipcMain = new EventEmitter();
export class MessageChannelMain {
  readonly port1: unknown;
  readonly port2: unknown;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    [this.port1, this.port2] = [port1, port2].map((real) =>
      Object.assign(new EventEmitter(), {
        real,
        postMessage: (message: unknown) => {
          real.postMessage(message, []);
        },
        on: (event: string, listener: (detail: { readonly data: unknown }) => void) => {
          real.addEventListener(event, (received: Event) => {
            listener({ data: 'data' in received ? received.data : null });
          });
        },
        start: () => {
          real.start();
        },
        close: () => {
          real.close();
        },
      }),
    );
  }
}
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: () => tell('setApplicationMenu'),
};
export class Tray {
  readonly setImage = noting('tray.setImage');
  readonly setToolTip = noting('tray.setToolTip');
  readonly setContextMenu = () => tell('tray.setContextMenu');
}
export class Notification extends EventEmitter {
  readonly show = noting('notification');
}
export const clipboard = { readText: () => Promise.resolve('from the clipboard') };
export const dialog = { showErrorBox: noting('showErrorBox') };
export const nativeTheme = { shouldUseDarkColors: true };
export const powerMonitor = new EventEmitter();
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const shell = { openExternal: noting('openExternal') };
export const utilityProcess = { fork: noting('fork') };

interface Wish {
  readonly do: 'say' | 'fetch' | 'second-instance' | 'quit';
  readonly channel?: string;
  readonly message?: unknown;
  readonly url?: string;
  readonly args?: readonly string[];
}
process.on('message', (wish: Wish) => {
  if (wish.do === 'quit') quit();
  if (wish.do === 'second-instance') app.emit('second-instance', {}, wish.args);
  if (wish.do === 'say' && contents)
    ipcMain.emit(wish.channel ?? '', { sender: contents, senderFrame: contents.mainFrame }, wish.message);
  if (wish.do === 'fetch') void fetchPage(wish.url ?? '');
});

async function fetchPage(url: string): Promise<void> {
  const answer = await servePage?.(new Request(url));
  tell('fetched', [answer?.status, answer?.headers.get('content-security-policy'), await answer?.text()]);
}
