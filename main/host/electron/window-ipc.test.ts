import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MainMessage } from '../../../protocol/bridge/messages.ts';
import { channels } from '../../../protocol/bridge/preload.ts';
import type { CarrierPort } from '../host.ts';
import type { MainPort } from './carrier-port.ts';
import { carryWindows, type Sender, type Sent } from './window-ipc.ts';

interface Port extends MainPort {
  readonly real: MessagePort;
}
const opened: MessagePort[] = [];
afterEach(() => {
  for (const port of opened.splice(0)) port.close();
});

/** A port of the main process over one of Node: the same messages, in Electron's events. */
function mainPort(real: MessagePort): Port {
  opened.push(real);
  return {
    real,
    postMessage: (message) => {
      real.postMessage(message, []);
    },
    on: (event: string, listener: (event: { readonly data: unknown }) => void) =>
      real.on(event, (data: unknown) => {
        listener({ data });
      }),
    start: () => {
      real.start();
    },
    close: () => {
      real.close();
    },
  };
}

function setUp() {
  const ipc = new EventEmitter();
  const windows: {
    received: unknown[];
    closed: boolean;
    send: (message: MainMessage) => void;
    ports: CarrierPort[];
  }[] = [];
  const strangers: string[] = [];
  carryWindows<Port>({
    ipc,
    connectWindow: (send) => {
      const window = { received: [] as unknown[], closed: false, send, ports: [] as CarrierPort[] };
      windows.push(window);
      return {
        receive: (message) => window.received.push(message),
        openTerminal: (_terminal, port) => window.ports.push(port),
        close: () => {
          window.closed = true;
        },
      };
    },
    newChannel: () => {
      const { port1, port2 } = new MessageChannel();
      return { port1: mainPort(port1), port2: mainPort(port2) };
    },
    onStranger: (url) => strangers.push(url),
  });
  const say = (from: Sent<Port>, channel: string, message?: unknown) => ipc.emit(channel, from, message);
  return { windows, strangers, say };
}

function makePage(url = 'app://webxterm/') {
  const mainFrame = { url };
  const sent: unknown[] = [];
  const posted: { message: unknown; port: Port | undefined }[] = [];
  const sender: Sender<Port> & EventEmitter = Object.assign(new EventEmitter(), {
    mainFrame,
    isDestroyed: () => false,
    send: (_channel: string, message: unknown) => sent.push(message),
    postMessage: (_channel: string, message: unknown, ports: Port[]) => posted.push({ message, port: ports[0] }),
  });
  return { from: { sender, senderFrame: mainFrame } satisfies Sent<Port>, sender, sent, posted };
}

describe('the page', () => {
  it('is a window of the core from its load on', () => {
    const { windows, say } = setUp();
    const page = makePage();
    say(page.from, channels.connect);
    say(page.from, channels.toMain, { type: 'subscribe', name: 'notices.changed' });
    expect(windows[0]?.received).toEqual([{ type: 'subscribe', name: 'notices.changed' }]);
    windows[0]?.send({ type: 'event', name: 'notices.changed', event: [] });
    expect(page.sent).toEqual([{ type: 'event', name: 'notices.changed', event: [] }]);
  });

  it('that is loaded again is another window, and the one before is closed', () => {
    const { windows, say } = setUp();
    const page = makePage();
    say(page.from, channels.connect);
    say(page.from, channels.connect);
    expect(windows.map(({ closed }) => closed)).toEqual([true, false]);
    expect(page.sender.listenerCount('destroyed')).toBe(1);
  });

  it.each(['destroyed', 'render-process-gone'])('ends its window when it is %s', (event) => {
    const { windows, say } = setUp();
    const page = makePage();
    say(page.from, channels.connect);
    page.sender.emit(event);
    expect(windows[0]?.closed).toBe(true);
  });

  it('says nothing before it is connected', () => {
    const { windows, say } = setUp();
    const page = makePage();
    say(page.from, channels.toMain, { type: 'call' });
    say(page.from, channels.terminal, { terminal: 't1', request: 0 });
    expect(windows).toEqual([]);
    expect(page.posted).toEqual([]);
  });
});

describe('a message is refused', () => {
  const senders: [string, (page: ReturnType<typeof makePage>) => Sent<Port>][] = [
    ['from a frame inside the page', ({ sender }) => ({ sender, senderFrame: { url: 'app://webxterm/' } })],
    ['from a frame that is gone', ({ sender }) => ({ sender, senderFrame: null })],
    ['from a page of the web', () => makePage('https://evil.example/').from],
    ['from a file', () => makePage('file:///tmp/index.html').from],
    ['from another host of the scheme', () => makePage('app://other/').from],
  ];
  it.each(senders)('%s', (_who, from) => {
    const { windows, strangers, say } = setUp();
    const page = makePage();
    say(page.from, channels.connect);
    for (const channel of Object.values(channels)) say(from(page), channel, { terminal: 't1', request: 0 });
    expect(windows).toHaveLength(1);
    expect(windows[0]).toMatchObject({ received: [], closed: false, ports: [] });
    expect(page.posted).toEqual([]);
    expect(strangers).toHaveLength(3);
  });
});

describe('a terminal', () => {
  it('gets a port of its own, posted with the number of its request', async () => {
    const { windows, say } = setUp();
    const page = makePage();
    say(page.from, channels.connect);
    say(page.from, channels.terminal, { terminal: 't1', request: 7 });
    expect(page.posted[0]?.message).toEqual({ type: 'webxterm.terminal-port', request: 7 });
    const core = windows[0]?.ports[0];
    const heard: unknown[] = [];
    core?.onMessage((message) => heard.push(message));
    const atPage = page.posted[0]?.port?.real;
    for (const message of ['text', Uint8Array.of(1, 2), { no: 'message' }, 5]) atPage?.postMessage(message, []);
    await vi.waitFor(() => expect(heard).toEqual(['text', Uint8Array.of(1, 2)]));
    const closed = new Promise<void>((resolve) => {
      core?.onClose(resolve);
    });
    atPage?.close();
    await closed;
  });

  it.each([null, {}, { terminal: '', request: 0 }, { terminal: 't1' }, { terminal: 't1', request: -1 }])(
    'is not opened by %j',
    (message) => {
      const { windows, say } = setUp();
      const page = makePage();
      say(page.from, channels.connect);
      say(page.from, channels.terminal, message);
      expect(page.posted).toEqual([]);
      expect(windows[0]?.ports).toEqual([]);
    },
  );
});
