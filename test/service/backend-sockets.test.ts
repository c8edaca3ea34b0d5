import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { CLIENT_SUBPROTOCOL, MAX_MESSAGE } from '../../protocol/wire/control.ts';
import { startBackend, type Backend } from './backend.ts';
import { askUpgrade } from './upgrade.ts';

const clock = { ahead: 0 };
let backend: Backend;
let token: string;
beforeAll(async () => {
  backend = await startBackend({ clock });
  ({ token } = await backend.signIn(await backend.signUp()));
});
afterAll(() => backend[Symbol.asyncDispose]());

const terminal = '/api/terminal/5e0b6e0e-9d0b-4a51-8a53-6a3f6c3a0f11/ws';
const ask = (path: string, headers?: Record<string, string>, method?: string) =>
  askUpgrade(backend.url + path, headers, method);
async function open(on: Backend, bearer: string) {
  const socket = new WebSocket(`${on.url.replace('http', 'ws')}/api/events`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await once(socket, 'open');
  return { socket, closed };
}
const openSockets = async (on: Backend, route: string) => {
  const { body } = await on.request('GET', '/metrics');
  return new RegExp(`webxterm_open_sockets\\{route="${route}"\\} (\\d+)`).exec(String(body))?.[1] ?? '0';
};

describe('a socket', () => {
  it('is refused in plain HTTP, with a body, before any upgrade', async () => {
    expect(await ask('/api/events')).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
    expect(await ask('/api/events', { authorization: 'Bearer garbage' })).toMatchObject({
      status: 401,
      body: { code: 'token-invalid' },
    });
    expect(await ask('/api/nothing')).toMatchObject({ status: 404, body: { code: 'unknown-route' } });
    expect(await ask('/api/machines')).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    expect(await ask('/api/events', { host: 'evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'wrong-host' },
    });
    expect(
      await ask('/api/events', { origin: 'https://evil.example', authorization: `Bearer ${token}` }),
    ).toMatchObject({
      status: 403,
      body: { code: 'wrong-origin' },
    });
    expect(await ask(terminal, { authorization: `Bearer ${token}` })).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
    expect(await ask(`${terminal}?cols=0`, { authorization: `Bearer ${token}` })).toMatchObject({
      status: 400,
      body: { code: 'invalid-fields', fields: [{ path: 'cols' }] },
    });
  });

  it('takes its token from the address only where the contract has it there', async () => {
    expect(await ask(`${terminal}?token=${token}`)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await ask(`/api/events?token=${token}`)).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
    expect(JSON.stringify(backend.logged)).not.toContain(token);
  });

  it('speaks only a subprotocol of its row, the client’s first choice', async () => {
    const headers = { authorization: `Bearer ${token}`, 'sec-websocket-protocol': `other, ${CLIENT_SUBPROTOCOL}` };
    const answer = await ask('/api/events', headers);
    expect(answer.status).toBe(101);
    expect(answer.headers['sec-websocket-protocol']).toBeUndefined();
  });

  it('does not compress, and reads no message that is far too large', async () => {
    const { socket, closed } = await open(backend, token);
    expect(socket.extensions).toBe('');
    socket.send('x'.repeat(2 * MAX_MESSAGE + 1));
    expect(await closed).toBe(1009);
  });

  it('whose handshake is broken is refused, and harms nobody', async () => {
    const authorization = `Bearer ${token}`;
    expect(await ask('/api/events', { authorization, 'sec-websocket-version': '7' })).toMatchObject({ status: 400 });
    expect(await ask('/api/events', { authorization, 'sec-websocket-key': 'short' })).toMatchObject({ status: 400 });
    expect((await ask('/api/events', { authorization }, 'POST')).status).toBeGreaterThanOrEqual(400);
  });

  it('of a client that is gone at once is forgotten', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(backend.port, '127.0.0.1');
      socket.write('GET /api/events HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n');
      socket.write(
        `authorization: Bearer ${token}\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${'A'.repeat(22)}==\r\n\r\n`,
      );
      socket.resetAndDestroy();
    }
    await vi.waitFor(async () => expect(await openSockets(backend, 'events.connect')).toBe('0'));
    expect((await backend.request('GET', '/health')).status).toBe(200);
  });

  it('is counted while it is open', async () => {
    const { socket, closed } = await open(backend, token);
    expect(await openSockets(backend, 'events.connect')).toBe('1');
    socket.close();
    await closed;
    await vi.waitFor(async () => expect(await openSockets(backend, 'events.connect')).toBe('0'));
  });
});

describe('the end of a sign-in', () => {
  it('closes its sockets with 4401, and nobody else’s', async () => {
    const account = await backend.signUp();
    const [mine, other] = [await backend.signIn(account), await backend.signIn(account)];
    const [first, second] = [await open(backend, mine.token), await open(backend, other.token)];
    await backend.request('POST', '/api/auth/logout', { token: mine.token });
    expect(await first.closed).toBe(4401);
    expect(second.socket.readyState).toBe(WebSocket.OPEN);
    second.socket.close();
  });

  it('comes with the expiry of its newest token', async () => {
    // 0.1 h is the least; the clock is put ahead so that two seconds of it are left.
    await using short = await startBackend({ clock, environment: { TOKEN_HOURS: '0.1' } });
    const signedIn = await short.signIn(await short.signUp());
    clock.ahead += 358_000;
    const { closed } = await open(short, signedIn.token);
    expect(await closed).toBe(4401);
  });
});

describe('a server that stops', () => {
  it('tells open sockets that it goes away, ends, and leaves the port free', async () => {
    const stopping = await startBackend();
    const { closed } = await open(stopping, (await stopping.signIn(await stopping.signUp())).token);
    await stopping[Symbol.asyncDispose]();
    expect(await closed).toBe(1001);
    await using again = await startBackend({ port: stopping.port });
    expect((await again.request('GET', '/ready')).body).toEqual({ status: 'ready' });
  });

  it('finishes what it was asked, also for clients that would stay connected, and answers no more', async () => {
    const stopping = await startBackend({ passwords: { atOnce: 1, waiting: 100 } });
    const idle = connect(stopping.port, '127.0.0.1');
    idle.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await once(idle, 'data');
    const accounts = await Promise.all(Array.from({ length: 6 }, () => stopping.signUp()));
    // One password is hashed at a time: when the first is in, the others still wait.
    const asked = accounts.map((account) => stopping.signIn(account));
    await Promise.race(asked);
    const ended = stopping[Symbol.asyncDispose]();
    const answers = await Promise.all(asked);
    expect(answers.map(({ user }) => user.username)).toEqual(accounts.map(({ username }) => username));
    await ended;
    expect(idle.closed || (await once(idle, 'close'))).toBeTruthy();
    await expect(stopping.request('GET', '/health')).rejects.toThrow(/fetch failed/);
  });
});

describe('a client that never ends its wish', () => {
  it('gets an answer once it does', async () => {
    const socket = connect(backend.port, '127.0.0.1');
    socket.write('GET /api/events HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    expect(await text(socket)).toContain('401 Unauthorized');
  });
});
