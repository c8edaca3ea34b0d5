import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { terminals } from '../../../protocol/api/terminals.ts';
import { createDial, type Socket as Dialling, type SocketEnd } from './socket.ts';

/** A real server that upgrades, or refuses with an answer. */
async function serve(accept: (socket: WebSocket, request: IncomingMessage) => void, refuse?: (socket: Duplex) => void) {
  const server = createServer((_: IncomingMessage, response: ServerResponse) => response.writeHead(404).end());
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => offered.has('b') && 'b' });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (refuse === undefined) sockets.handleUpgrade(request, socket, head, (opened) => accept(opened, request));
    else refuse(socket);
  });
  const connections = new Set<Socket>();
  server.on('connection', (connection: Socket) => connections.add(connection));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

interface Dialled extends AsyncDisposable {
  readonly socket: Dialling;
  readonly heard: readonly unknown[];
  readonly ends: readonly SocketEnd[];
}
const clock = { ahead: 0 };
function dial(address: string, subprotocols: readonly string[] = [], timeoutMs = 5000): Dialled {
  const heard: unknown[] = [];
  const ends: SocketEnd[] = [];
  const agent = new Agent();
  const open = createDial({
    network: { agent: () => Promise.resolve(agent), proxied: () => null },
    version: '1.2',
    now: Date.now,
    monotonic: () => performance.now() + clock.ahead,
  });
  const socket = open(
    {
      address,
      path: '/api/terminal/x/ws',
      row: terminals.connect,
      token: 'token-1',
      subprotocols,
      maxMessageBytes: 1000,
      timeoutMs,
    },
    {
      opened: () => heard.push('opened'),
      text: (text) => heard.push(text),
      binary: (bytes) => heard.push([...bytes]),
      measured: (ms) => heard.push(ms >= 0 ? 'measured' : 'nonsense'),
      closed: (end) => ends.push(end),
    },
  );
  return {
    socket,
    heard,
    ends,
    [Symbol.asyncDispose]() {
      socket.close();
      agent.destroy();
      return Promise.resolve();
    },
  };
}

describe('a socket', () => {
  beforeEach(() => {
    clock.ahead = 0;
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('hears in order what is said, from the very first word', async () => {
    await using server = await serve((socket) => {
      socket.send('first');
      socket.send(Uint8Array.of(1, 2));
      socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`));
    });
    await using dialled = dial(server.address);
    await expect.poll(() => dialled.heard).toContain('first');
    dialled.socket.send('hello');
    await expect
      .poll(() => dialled.heard.filter((each) => each !== 'measured'))
      .toEqual(['opened', 'first', [1, 2], 'echo hello']);
    expect(dialled.heard).toContain('measured');
  });

  it('brings its token in a header and says what kind of client it is', async () => {
    const seen: (string | undefined)[] = [];
    await using server = await serve((_, { headers, url }) =>
      seen.push(headers.authorization, headers['user-agent'], url),
    );
    await using dialled = dial(server.address);
    await expect.poll(() => dialled.heard).toContain('opened');
    expect(seen).toEqual(['Bearer token-1', expect.stringMatching(/^webxterm-desktop\/1\.2\b/), '/api/terminal/x/ws']);
  });

  it('tells its end once, with the code it was closed with', async () => {
    await using server = await serve((socket) => socket.close(4401, 'over'));
    await using dialled = dial(server.address);
    await expect.poll(() => dialled.ends.length).toBe(1);
    expect(dialled.ends[0]).toMatchObject({ code: 4401, status: null, failure: { code: 'cut-off' } });
  });

  it('tells a refusal with its status and what the server said', async () => {
    const body = JSON.stringify({ error: 'Not for you.', code: 'not-found', request_id: 'r-1' });
    const head = `HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\n\r\n`;
    await using server = await serve(
      () => undefined,
      (socket) => socket.end(head + body),
    );
    await using dialled = dial(server.address);
    await expect
      .poll(() => dialled.ends[0])
      .toMatchObject({
        status: 404,
        unselected: false,
        failure: { code: 'not-found', message: 'Not for you.', request_id: 'r-1' },
      });
  });

  it('tells a server that selects none of its subprotocols from one that breaks', async () => {
    await using server = await serve(() => undefined);
    await using plain = dial(server.address, ['a']);
    await expect.poll(() => plain.ends[0]?.unselected).toBe(true);
    await using framed = dial(server.address, ['b']);
    await expect.poll(() => framed.heard).toContain('opened');
  });

  it('is over when nothing was heard for long, though it looks open', async () => {
    await using server = await serve((socket) => socket.pause()); // no pong will come
    await using dialled = dial(server.address);
    await expect.poll(() => dialled.heard).toContain('opened');
    for (let n = 0; n < 4; n += 1) {
      clock.ahead += 15_000;
      vi.advanceTimersByTime(15_000);
    }
    expect(dialled.ends.map(({ failure }) => failure.code)).toEqual(['timed-out']);
  });

  it('is not over while it only listens: a pong is life', async () => {
    await using server = await serve(() => undefined);
    await using dialled = dial(server.address);
    for (let n = 1; n <= 6; n += 1) {
      await expect.poll(() => dialled.heard.filter((each) => each === 'measured').length).toBe(n);
      clock.ahead += 15_000;
      vi.advanceTimersByTime(15_000);
    }
    expect(dialled.ends).toEqual([]);
  });

  it('that is never opened is timed-out', async () => {
    await using server = await serve(
      () => undefined,
      () => undefined,
    );
    await using dialled = dial(server.address, [], 100);
    await expect.poll(() => dialled.ends.map(({ failure }) => failure.code)).toEqual(['timed-out']);
  });

  it('is closed by a message that is larger than anything allowed', async () => {
    await using server = await serve((socket) => socket.send('x'.repeat(2000)));
    await using dialled = dial(server.address);
    await expect.poll(() => dialled.ends.length).toBe(1);
    expect(dialled.heard).not.toContain('x'.repeat(2000));
  });

  it('that is held reads no more until it may go on', async () => {
    await using server = await serve((socket) => {
      socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`));
    });
    await using dialled = dial(server.address);
    await expect.poll(() => dialled.heard).toContain('opened');
    dialled.socket.hold(true);
    dialled.socket.send('one');
    dialled.socket.hold(false);
    await expect.poll(() => dialled.heard).toContain('echo one');
  });

  it('that was left sends its last words and hears nothing more', async () => {
    const heard: string[] = [];
    const codes: number[] = [];
    await using server = await serve((socket) => {
      socket.on('message', (data: Buffer) => heard.push(data.toString()));
      socket.on('close', (code) => codes.push(code));
    });
    await using dialled = dial(server.address);
    await expect.poll(() => dialled.heard).toContain('opened');
    dialled.socket.send('goodbye');
    dialled.socket.close();
    await expect.poll(() => codes).toEqual([1000]);
    expect(heard).toEqual(['goodbye']);
    expect(dialled.ends).toEqual([]);
  });

  it('that is left while it is being opened never opens', async () => {
    let opened = 0;
    await using server = await serve(() => {
      opened += 1;
    });
    await using left = dial(server.address);
    left.socket.close();
    await using other = dial(server.address);
    await expect.poll(() => other.heard).toContain('opened');
    expect({ opened, ends: left.ends, heard: left.heard }).toEqual({ opened: 1, ends: [], heard: [] });
  });
});
