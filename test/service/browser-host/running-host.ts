/** A browser host in a fresh profile, before a core that echoes, and a browser's way into it over plain HTTP. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { runBrowserHost } from '../../../main/host/browser/run.ts';
import type { ConnectWindow } from '../../../main/host/host.ts';
import { windowMessage } from '../../../protocol/bridge/messages.ts';
import { windowKeys, type WindowKeys } from '../../../protocol/bridge/socket.ts';

const page = '<!doctype html><meta property="csp-nonce" nonce="CSP-NONCE"><script src="/assets/app-1.js"></script>';

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RunningHost extends AsyncDisposable {
  readonly profile: string;
  readonly port: number;
  /** `http://127.0.0.1:port` */
  readonly address: string;
  readonly said: readonly string[];
  readonly errors: readonly unknown[];
  /** What became of the windows of the core. */
  readonly windows: readonly ('connected' | 'closed')[];
  pass(ms: number): void;
  ask(request: Ask): Promise<Reply>;
  /** Path of a launcher file, as a second start gets it. */
  launcher(): Promise<string>;
  /** What a browser does with a launcher file. */
  post(launcherFile: string): Promise<Reply>;
  /** A window's keys, by a launch of its own. */
  launch(): Promise<WindowKeys>;
  socket(path: string, headers?: Readonly<Record<string, string>>): WebSocket;
  /** Ends the host, leaves its profile. */
  stop(): Promise<void>;
}

/** @param settings `port` 0 takes a free one */
export async function startHost(settings: { readonly port?: number } = {}): Promise<RunningHost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'webxterm-browser-host-'));
  const profile = path.join(folder, 'profile');
  await mkdir(profile, { mode: 0o700 });
  await mkdir(path.join(folder, 'renderer/assets'), { recursive: true });
  await writeFile(path.join(folder, 'renderer/index.html'), page);
  await writeFile(path.join(folder, 'renderer/assets/app-1.js'), 'run()');
  const said: string[] = [];
  const errors: unknown[] = [];
  let skippedMs = 0;
  const windows: ('connected' | 'closed')[] = [];
  const start = () =>
    runBrowserHost({
      profile,
      port: settings.port ?? 0,
      open: 'launcher',
      rendererFolder: path.join(folder, 'renderer'),
      browser: { platform: 'linux', env: {}, canRun: () => false, isRoot: false, openDefault: () => Promise.resolve() },
      now: () => Date.now() + skippedMs,
      startDesktop: () => ({
        connectWindow: echoing((became) => {
          windows.push(became);
        }),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
      say: (lines) => said.push(lines),
      onError: (error) => errors.push(error),
    });
  const running = await start();
  if (!running.ok) {
    await rm(folder, { recursive: true });
    throw new Error(running.code);
  }
  const port = Number(new URL(running.address).port);
  const ask = (request: Ask) => sendRequest(port, request);
  const post = async (file: string) => {
    const token = /name="token" value="([^"]+)"/u.exec(await readFile(file, 'utf8'))?.[1] ?? '';
    return ask({
      method: 'POST',
      path: '/launch',
      headers: { Origin: 'null', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token }).toString(),
    });
  };
  const launcher = async () => {
    const before = said.length;
    await start();
    return launcherIn(said.slice(before).join('\n'));
  };
  return {
    profile,
    port,
    address: running.address,
    said,
    errors,
    windows,
    pass: (ms) => {
      skippedMs += ms;
    },
    ask,
    launcher,
    post,
    launch: async () => keysIn((await post(await launcher())).body),
    socket: (target, headers = { Origin: running.address }) =>
      new WebSocket(`ws://127.0.0.1:${port}${target}`, { headers: { ...headers } }),
    stop: async () => {
      await running[Symbol.asyncDispose]();
    },
    [Symbol.asyncDispose]: async () => {
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Answers every call with null, the call `flood` with an event of a megabyte before that, and every message of a terminal with itself; the terminal `gone` is closed at once. */
function echoing(told: (became: 'connected' | 'closed') => void): ConnectWindow {
  return (send) => {
    told('connected');
    return {
      receive: (received) => {
        const message = windowMessage.safeParse(received);
        if (message.data?.type !== 'call') return;
        if (message.data.name === 'flood') send({ type: 'event', name: 'flood', event: 'x'.repeat(1_000_000) });
        send({ type: 'answer', id: message.data.id, result: { ok: true, value: null } });
      },
      openTerminal: (terminal, port) => {
        port.onMessage((message) => {
          port.post(message);
        });
        if (terminal === 'gone') port.close();
      },
      close: () => {
        told('closed');
      },
    };
  };
}

export const launcherIn = (lines: string) => /\S+\.html/u.exec(lines)?.[0] ?? 'no launcher was printed';

export function keysIn(launchedPage: string): WindowKeys {
  const stored = /setItem\("[^"]+", ("(?:[^"\\]|\\.)*")\)/u.exec(launchedPage)?.[1] ?? 'null';
  return windowKeys.parse(JSON.parse(String(JSON.parse(stored))));
}

async function sendRequest(
  port: number,
  { method = 'GET', path: target = '/', headers = {}, body }: Ask,
): Promise<Reply> {
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    // A path as it is, not as `new URL` would tidy it up.
    const request = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent: false }, resolve);
    request.once('error', reject);
    request.end(body);
  });
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
