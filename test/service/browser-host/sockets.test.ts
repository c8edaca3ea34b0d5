/** The sockets of the browser host, driven by the window's own end of the bridge where it matters. */
import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { closeCodes, type WindowKeys } from '../../../protocol/bridge/socket.ts';
import { createSocketCarrier } from '../../../renderer/app/bridge/socket-carrier.ts';
import { createWindowBridge } from '../../../renderer/app/bridge/window-bridge.ts';
import { startHost, type RunningHost } from './running-host.ts';

function openWindow(host: RunningHost, keys: WindowKeys) {
  const sockets: WebSocket[] = [];
  const onEnded = vi.fn<() => void>();
  const carrier = createSocketCarrier({
    keys,
    openSocket: (path) => {
      const socket = host.socket(path);
      socket.on('error', () => {});
      sockets.push(socket);
      return socket;
    },
    random: () => 0,
    onEnded,
  });
  const bridge = createWindowBridge(carrier);
  return { bridge, onEnded, sockets, cut: () => sockets[0]?.terminate() };
}

const connected = (bridge: ReturnType<typeof openWindow>['bridge']) =>
  new Promise<void>((resolve) => {
    bridge.onConnection((up) => {
      if (up) resolve();
    });
  });

/** The status by which an upgrade was refused, or the code by which the socket was closed. */
function refusal(socket: WebSocket, ...messages: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    socket.on('error', () => {});
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
    });
    socket.on('open', () => {
      for (const message of messages) socket.send(message);
    });
    socket.on('close', resolve);
  });
}

describe('a launched window', () => {
  it('is a window of the core until its socket closes', async () => {
    await using host = await startHost();
    const { bridge, cut } = openWindow(host, await host.launch());
    expect(await bridge.call('clipboard.read', null)).toEqual({ ok: true, value: null });
    expect(host.windows).toEqual(['connected']);
    cut();
    await vi.waitFor(() => expect(host.windows).toContain('closed'));
  });

  it('comes back by itself when its socket breaks, and after a reload', async () => {
    await using host = await startHost();
    const keys = await host.launch();
    const { bridge, cut, sockets } = openWindow(host, keys);
    await connected(bridge);
    const states: boolean[] = [];
    bridge.onConnection((up) => states.push(up));
    cut();
    await vi.waitFor(() => expect(states).toEqual([true, false, true]));
    for (const socket of sockets) socket.terminate();
    const reloaded = openWindow(host, keys);
    expect(await reloaded.bridge.call('clipboard.read', null)).toEqual({ ok: true, value: null });
  });

  it('carries each terminal over a socket of its own, byte for byte', async () => {
    await using host = await startHost();
    const { bridge } = openWindow(host, await host.launch());
    const port = bridge.terminal('t1');
    const frames: Uint8Array[] = [];
    port.onFrame((frame) => frames.push(frame));
    const every = Uint8Array.from({ length: 256 }, (_value, byte) => byte);
    port.sendFrame(every);
    await vi.waitFor(() => expect(frames).toEqual([every]));
  });

  it('is told when the core closes a terminal', async () => {
    await using host = await startHost();
    const { bridge } = openWindow(host, await host.launch());
    await new Promise<void>((resolve) => {
      bridge.terminal('gone').onClose(resolve);
    });
  });

  it('takes its terminals with it', async () => {
    await using host = await startHost();
    const { bridge, cut } = openWindow(host, await host.launch());
    await connected(bridge);
    const closed = new Promise<void>((resolve) => {
      bridge.terminal('t1').onClose(resolve);
    });
    cut();
    await closed;
  });

  it('is told goodbye, and holds up no host that ends', async () => {
    await using host = await startHost();
    const { bridge } = openWindow(host, await host.launch());
    await connected(bridge);
    const states: boolean[] = [];
    bridge.onConnection((up) => states.push(up));
    await host.stop();
    expect(host.windows).toEqual(['connected', 'closed']);
    await vi.waitFor(() => expect(states).toEqual([true, false]));
  });

  it('ends when the host does not know it any more', async () => {
    await using host = await startHost();
    const { onEnded } = openWindow(host, { secret: 'of-an-earlier-desktop', proof: 'x' });
    await vi.waitFor(() => expect(onEnded).toHaveBeenCalledOnce());
    expect(host.windows).toEqual([]);
  });

  it('does not go on with another program at the port of its host', async () => {
    await using host = await startHost();
    const { secret } = await host.launch();
    const { bridge, onEnded } = openWindow(host, { secret, proof: 'of the host that launched it' });
    const up = vi.fn<(connected: boolean) => void>();
    bridge.onConnection(up);
    await vi.waitFor(() => expect(onEnded).toHaveBeenCalledOnce());
    expect(up).not.toHaveBeenCalledWith(true);
  });
});

it('a page that does not read is cut off before much is kept for it', async () => {
  await using host = await startHost();
  const { secret } = await host.launch();
  const socket = host.socket('/bridge');
  socket.on('error', () => {});
  await once(socket, 'open');
  socket.send(JSON.stringify({ secret }));
  await once(socket, 'message');
  socket.pause();
  for (let id = 0; id < 40; id += 1) socket.send(JSON.stringify({ type: 'call', id, name: 'flood', input: null }));
  await vi.waitFor(() => expect(host.windows).toEqual(['connected', 'closed']));
  socket.resume();
});

describe('a socket is refused', () => {
  it.each([
    ['to a foreign page', '/bridge', { Origin: 'https://evil.example' }, 403],
    ['to a launcher file or another file', '/bridge', { Origin: 'null' }, 403],
    ['to a page of another port', '/bridge', { Origin: 'http://127.0.0.1:1' }, 403],
    ['to a program that names no origin', '/terminal', {}, 403],
    ['under a rebound name', '/bridge', { Origin: 'http://evil.example', Host: 'evil.example' }, 421],
  ])('%s, before it is one', async (_who, path, headers, status) => {
    await using host = await startHost();
    expect(await refusal(host.socket(path, headers))).toBe(status);
  });

  it('on a path that is none of its two', async () => {
    await using host = await startHost();
    expect(await refusal(host.socket('/socket'))).toBe(404);
  });

  it.each([
    ['nonsense', 'hello'],
    ['no object', 'null'],
    ['a call before the secret', '{"type":"call","id":1,"name":"app.info","input":null}'],
    ['a secret that is too long', JSON.stringify({ secret: 'x'.repeat(200) })],
  ])('when its first message is %s', async (_what, message) => {
    await using host = await startHost();
    expect(await refusal(host.socket('/bridge'), message)).toBe(closeCodes.badHello);
    expect(await refusal(host.socket('/terminal'), message)).toBe(closeCodes.badHello);
    expect(host.windows).toEqual([]);
  });

  it('when it says nothing for five seconds', async () => {
    await using host = await startHost();
    expect(await refusal(host.socket('/bridge'))).toBe(closeCodes.badHello);
  });

  it('when its secret is a guess, or only the proof', async () => {
    await using host = await startHost();
    const { proof } = await host.launch();
    for (const secret of ['guess', proof])
      expect(await refusal(host.socket('/bridge'), JSON.stringify({ secret }))).toBe(closeCodes.unknownSecret);
  });

  it('when it is a terminal of a window that is not connected', async () => {
    await using host = await startHost();
    const { secret } = await host.launch();
    const hello = JSON.stringify({ secret, window: 'none', terminal: 't1' });
    expect(await refusal(host.socket('/terminal'), hello)).toBe(closeCodes.unknownWindow);
  });

  it('when a message is larger than any there is', async () => {
    await using host = await startHost();
    const { secret } = await host.launch();
    const long = 'x'.repeat(5 * 1024 * 1024);
    expect(await refusal(host.socket('/bridge'), JSON.stringify({ secret }), long)).toBe(1009);
    await vi.waitFor(() => expect(host.windows).toEqual(['connected', 'closed']));
  });
});
