/** The browser host put together: one per profile, a loopback server, its windows, and the core behind them. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { ConnectWindow } from '../host.ts';
import { createOpened, type Opened } from '../opened.ts';
import { claimProfile, type InstanceRequest } from '../single-instance.ts';
import { createBrowserWindows, type BrowserParts } from './browser-window.ts';
import { createHttpServer, loopback } from './http-server.ts';
import { createLauncher } from './launcher.ts';
import { createLaunches } from './launches.ts';
import { howToGoOn, noWindowLeft, saidOf } from './sentences.ts';
import { createWindowSockets } from './window-sockets.ts';

export interface BrowserRun {
  readonly profile: string;
  /** 0: a free one. */
  readonly port: number;
  /** `launcher`: no browser is opened, only the file that opens a window is made. */
  readonly open: InstanceRequest['open'];
  readonly rendererFolder: string;
  readonly browser: Omit<BrowserParts, 'profile'>;
  readonly now: () => number;
  readonly startDesktop: () => Desktop;
  /** Lines for the person. */
  readonly say: (lines: string) => void;
  readonly onError: (error: unknown) => void;
}

const newSecret = () => randomBytes(32).toString('base64url');
const reloadTakesMs = 3000;

/** What is needed of the core. */
export interface Desktop extends AsyncDisposable {
  readonly connectWindow: ConnectWindow;
}

export type Running =
  | ({ readonly ok: true; readonly address: string } & AsyncDisposable)
  /** `runs-already`: the one that runs on this profile opened the window. */
  | { readonly ok: false; readonly code: 'runs-already' | 'port-taken' | 'port-forbidden' };

export async function runBrowserHost(run: BrowserRun): Promise<Running> {
  const opened = createOpened(run.onError);
  let openWindow: ((wish: InstanceRequest) => Promise<string>) | null = null;
  const instance = await claimProfile(run.profile, { open: run.open }, async (wish) => ({
    said: openWindow ? await openWindow(wish) : 'The desktop is just starting.',
  }));
  if (!instance.first) {
    run.say(instance.answer.said);
    return { ok: false, code: 'runs-already' };
  }
  opened.add(instance);
  try {
    const serving = await serve(run, opened);
    if (!serving.ok) {
      await opened[Symbol.asyncDispose]();
      return serving;
    }
    openWindow = serving.openWindow;
    run.say(await openWindow({ open: run.open }));
    run.say(howToGoOn(serving.own, serving.port));
    return { ok: true, address: `http://${serving.own}`, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

type Serving =
  | {
      readonly ok: true;
      readonly own: string;
      readonly port: number;
      readonly openWindow: (wish: InstanceRequest) => Promise<string>;
    }
  | { readonly ok: false; readonly code: 'port-taken' | 'port-forbidden' };

async function serve(run: BrowserRun, opened: Opened): Promise<Serving> {
  const launches = createLaunches({ now: run.now, newSecret });
  let own = '';
  const server = createHttpServer({
    own: () => own,
    rendererFolder: run.rendererFolder,
    newNonce: newSecret,
    redeem: async (token) => {
      await launcher.used(token);
      return launches.redeem(token);
    },
    upgrade: (...asked) => {
      sockets.upgrade(...asked);
    },
    onError: run.onError,
  });
  const listening = await listen(server, run.port);
  if (!listening.ok) return listening;
  own = `${loopback}:${listening.port}`;
  opened.add(closing(server));
  const launcher = opened.add(await createLauncher({ profile: run.profile, own, launches, newName: randomUUID }));
  const desktop = opened.add(run.startDesktop());
  const sockets = opened.add(
    createWindowSockets({
      connectWindow: desktop.connectWindow,
      proofFor: launches.proofFor,
      newWindowId: randomUUID,
      onWindows: sayWhenAlone(run.say),
    }),
  );
  const windows = opened.add(createBrowserWindows({ ...run.browser, profile: run.profile }));
  const openWindow = async ({ open }: InstanceRequest) => {
    const file = await launcher.write();
    return saidOf(open === 'window' ? await windows.show(file) : null, file);
  };
  return { ok: true, own, port: listening.port, openWindow };
}

/** A desktop without a window goes on: this computer's agent and its notifications live in it. The person is told once each time. */
function sayWhenAlone(say: BrowserRun['say']): (windows: number) => void {
  let timer: NodeJS.Timeout | undefined;
  return (windows) => {
    clearTimeout(timer);
    // A reload takes the window away for a moment.
    if (windows === 0) timer = setTimeout(() => say(noWindowLeft), reloadTakesMs).unref();
  };
}

type Listening =
  { readonly ok: true; readonly port: number } | { readonly ok: false; readonly code: 'port-taken' | 'port-forbidden' };

function listen(server: Server, port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve({ ok: false, code: 'port-taken' });
      else if (error.code === 'EACCES') resolve({ ok: false, code: 'port-forbidden' });
      else reject(error);
    });
    server.listen(port, loopback, () => {
      const address = server.address();
      resolve({ ok: true, port: typeof address === 'object' && address ? address.port : port });
    });
  });
}

const closing = (server: Server): AsyncDisposable => ({
  [Symbol.asyncDispose]: () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    }),
});
