import { afterEach, describe, expect, it, vi } from 'vitest';
import type { WindowMessage } from '../../../protocol/bridge/messages.ts';
import type { PreloadBridge } from '../../../protocol/bridge/preload.ts';
import { createPreloadCarrier, type Page } from './preload-carrier.ts';

const origin = 'app://webxterm';
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A page to which ports are posted, and what the preload was asked for. */
function setUp() {
  let hear: Parameters<Page['addEventListener']>[1] | null = null;
  const page: Page = {
    location: { origin },
    addEventListener: (_type, listener) => {
      hear = listener;
    },
  };
  const asked: { terminal: string; request: number }[] = [];
  const sent: WindowMessage[] = [];
  const preload: PreloadBridge = {
    send: (message) => sent.push(message),
    onMessage: () => {},
    openTerminal: (terminal, request) => asked.push({ terminal, request }),
  };
  const carrier = createPreloadCarrier(preload, page);
  const post = (request: number, from: { readonly origin?: string; readonly source?: unknown } = {}) => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    const data = { type: 'webxterm.terminal-port', request };
    hear?.({ data, origin, source: page, ports: [port2], ...from });
    return port1;
  };
  return { carrier, sent, asked, post };
}

const next = (port: MessagePort) =>
  new Promise((resolve) => {
    port.addEventListener('message', ({ data }) => {
      resolve(data);
    });
    port.start();
  });

describe('a terminal in Electron', () => {
  it('gets the port of its own request, and what was posted before that', async () => {
    const { carrier, asked, post } = setUp();
    const first = carrier.openTerminal('t1');
    const second = carrier.openTerminal('t2');
    expect(asked).toEqual([
      { terminal: 't1', request: 0 },
      { terminal: 't2', request: 1 },
    ]);
    second.post('early');
    const ofSecond = next(post(1));
    const ofFirst = next(post(0));
    first.post(Uint8Array.of(1, 2));
    expect(await ofSecond).toBe('early');
    expect(await ofFirst).toEqual(Uint8Array.of(1, 2));
  });

  it('hears text and bytes', async () => {
    const { carrier, post } = setUp();
    const heard: unknown[] = [];
    carrier.openTerminal('t1').onMessage((message) => heard.push(message));
    const main = post(0);
    for (const message of ['text', Uint8Array.of(9), { neither: true }]) main.postMessage(message, []);
    await vi.waitFor(() => expect(heard).toEqual(['text', Uint8Array.of(9)]));
  });

  it('takes no port from a foreign frame or origin', async () => {
    const { carrier, post } = setUp();
    const terminal = carrier.openTerminal('t1');
    terminal.post('mine');
    post(0, { origin: 'https://evil.example' });
    post(0, { source: {} });
    expect(await next(post(0))).toBe('mine');
  });

  it('that was given up closes the port that comes late', async () => {
    const { carrier, post } = setUp();
    carrier.openTerminal('t1').close();
    const closed = new Promise((resolve) => {
      post(0).addEventListener('close', resolve);
    });
    await closed;
  });

  it('says when the main process closes it, and not when it closes itself', async () => {
    const { carrier, post } = setUp();
    const closed = vi.fn<() => void>();
    carrier.openTerminal('t1').onClose(closed);
    post(0).close();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  });
});

it('messages go through the preload, and the main process is always there', () => {
  const { carrier, sent } = setUp();
  carrier.send({ type: 'subscribe', name: 'notices.changed' });
  expect(sent).toEqual([{ type: 'subscribe', name: 'notices.changed' }]);
  const states: boolean[] = [];
  carrier.onConnection((connected) => states.push(connected));
  expect(states).toEqual([true]);
});
