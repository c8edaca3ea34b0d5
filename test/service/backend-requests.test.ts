import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBody } from '../../protocol/api/errors.ts';
import { signupBody, startBackend, type Backend } from './backend.ts';

let backend: Backend;
let token: string;
beforeAll(async () => {
  backend = await startBackend({ limits: { requestMs: 400 } });
  ({ token } = await backend.signIn(await backend.signUp()));
});
afterAll(() => backend[Symbol.asyncDispose]());
/** Whatever others send is no fault of ours. */
afterEach(() => {
  expect(backend.logged.filter((line) => !line.startsWith('{"level":30'))).toEqual([]);
});

const LOGIN = '/api/auth/login';
const json = 'application/json';
const send = (body: string, headers: Record<string, string> = { 'content-type': json }) =>
  backend.request('POST', LOGIN, { body, headers });

/** As `fetch` cannot: any header, any path. */
async function raw(path: string, headers: Record<string, string>, method = 'GET') {
  const request = httpRequest({ host: '127.0.0.1', port: backend.port, path, headers, method, agent: false });
  request.end();
  const [response] = z.tuple([z.custom<IncomingMessage>()]).parse(await once(request, 'response'));
  return {
    status: response.statusCode,
    headers: response.headers,
    body: errorBody.parse(JSON.parse(await text(response))),
  };
}
/** Bytes as they are. */
async function bytes(written: string): Promise<string> {
  const socket = connect(backend.port, '127.0.0.1');
  socket.write(written);
  return text(socket);
}

describe('a body', () => {
  it.each([
    ['cut off', '{"email":'],
    ['with a comma too much', '{"email":"a@b.test",}'],
    ['that is text', 'hello'],
    ['that reaches for the prototype', '{"email":"a@b.test","password":"x","__proto__":{"role":"super_admin"}}'],
  ])('%s is no JSON of ours', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { code: 'bad-json' } });
  });

  it.each([['null'], ['[]'], ['7'], ['"text"'], ['{}'], ['']])(
    'of valid JSON that is no object with fields is told so: %s',
    async (body) => {
      expect(await send(body)).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
    },
  );

  it('with wrong types or missing fields names them, and repeats no value', async () => {
    const answer = await send(JSON.stringify({ email: 'no-address-hunter2', password: ['hunter2'] }));
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid-fields', fields: [{ path: 'email' }, { path: 'password' }] },
    });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });

  it('of another media type is refused', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect(await send('{}', { 'content-type': type })).toMatchObject({
        status: 415,
        body: { code: 'wrong-media-type' },
      });
    }
  });

  it('that is too large is refused, whether its length was told or not', async () => {
    const large = JSON.stringify({ email: 'a@b.test', password: 'x'.repeat(300 * 1024) });
    expect(await send(large)).toMatchObject({ status: 413, body: { code: 'too-large' } });
    const chunked = await bytes(
      `POST ${LOGIN} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${json}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n` +
        `${(300 * 1024).toString(16)}\r\n${'x'.repeat(300 * 1024)}\r\n0\r\n\r\n`,
    );
    expect(chunked).toContain('413 Payload Too Large');
    expect(chunked).toContain('"code":"too-large"');
  });

  it('that arrives too slowly is given up', async () => {
    const answer = await bytes(
      `POST ${LOGIN} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${json}\r\ncontent-length: 50\r\n\r\n{"email"`,
    );
    expect(answer).toContain('HTTP/1.1 408');
    expect(answer).toContain('"code":"too-slow"');
  });

  it('may be missing or empty where none is wanted', async () => {
    const again = await backend.signIn(await backend.signUp());
    const empty = { token: again.token, body: '', headers: { 'content-type': json } };
    expect(await backend.request('POST', '/api/auth/logout', empty)).toMatchObject({ status: 200 });
  });

  it('of somebody who may not call is not read at all', async () => {
    const answer = await backend.request('POST', '/api/machines', { body: '{"not json' });
    expect(answer).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
  });
});

describe('an address', () => {
  it.each(['/', '/api', '/api/nothing', '/favicon.ico', '/api/machines/x/y/z'])(
    'that is none of ours: %s',
    async (path) => {
      expect(await backend.request('GET', path)).toMatchObject({ status: 404, body: { code: 'unknown-route' } });
    },
  );

  it('that takes other methods says which', async () => {
    const answer = await backend.request('DELETE', LOGIN);
    expect(answer).toMatchObject({ status: 405, body: { code: 'wrong-method' } });
    expect(answer.headers.get('allow')).toBe('POST');
    const machines = await backend.request('PATCH', '/api/machines');
    expect(machines.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await backend.request('OPTIONS', LOGIN)).status).toBe(405);
  });

  it('of a socket says that it speaks WebSocket', async () => {
    const answer = await backend.request('GET', '/api/events', { token });
    expect(answer).toMatchObject({ status: 426, body: { code: 'upgrade-required' } });
    expect(answer.headers.get('upgrade')).toBe('websocket');
  });

  it.each([
    ['its encoding is broken', '/api/machines/%zz', 'bad-request'],
    ['it ends in the middle', '/api/%', 'bad-request'],
    ['a part of it is too long', `/api/machines/${'x'.repeat(300)}`, 'unknown-route'],
  ])('that cannot be read is refused: %s', async (_what, path, code) => {
    expect(await raw(path, { authorization: `Bearer ${token}` })).toMatchObject({ body: { code } });
  });

  it('with a parameter of the wrong form names it', async () => {
    const answer = await backend.request('GET', '/api/machines/not-a-uuid', { token });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-fields', fields: [{ path: 'agent_id' }] } });
  });

  it('with a query of the wrong form names it', async () => {
    const answer = await backend.request('GET', '/api/machines?page=0&limit=1000&status=gone', { token });
    const { fields } = z.object({ fields: z.array(z.object({ path: z.string() })) }).parse(answer.body);
    expect(fields.map(({ path }) => path)).toEqual(['status', 'page', 'limit']);
  });

  it('answers HEAD as GET without a body', async () => {
    const answer = await backend.request('HEAD', '/health');
    expect(answer).toMatchObject({ status: 200, body: '' });
  });
});

describe('headers', () => {
  it('name a host that is ours, but for probes', async () => {
    expect(await raw('/api/auth/providers', { host: 'evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'wrong-host' },
    });
    expect(await raw('/nothing', { host: 'evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'wrong-host' },
    });
    const probe = await bytes('GET /health HTTP/1.1\r\nhost: 10.1.2.3\r\nconnection: close\r\n\r\n');
    expect(probe).toContain('200 OK');
  });

  it('of another site are refused, and no answer invites it', async () => {
    const headers = { origin: 'https://evil.example', authorization: `Bearer ${token}` };
    const answer = await raw('/api/users/me', headers);
    expect(answer).toMatchObject({ status: 403, body: { code: 'wrong-origin' } });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await raw(
      LOGIN,
      { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      'OPTIONS',
    );
    expect(preflight.status).toBe(403);
  });

  it('that are too large are refused', async () => {
    const answer = await bytes(`GET /health HTTP/1.1\r\nhost: localhost\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toContain('HTTP/1.1 431');
    expect(answer).toContain('"code":"headers-too-large"');
  });

  it('that are not HTTP are refused', async () => {
    const answer = await bytes('this is not http\r\n\r\n');
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('"code":"bad-request"');
  });
});

describe('every answer', () => {
  it('has a request id of its own, and tells browsers to keep and guess nothing', async () => {
    const [one, two] = [await backend.request('GET', '/health'), await backend.request('GET', '/nothing')];
    expect(one.headers.get('x-request-id')).not.toBe(two.headers.get('x-request-id'));
    expect(errorBody.parse(two.body).request_id).toBe(two.headers.get('x-request-id'));
    for (const { headers } of [one, two]) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('strict-transport-security')).toBeNull();
    }
    await using secure = await startBackend({ environment: { PUBLIC_URL: 'https://terminals.example.org' } });
    expect((await secure.request('GET', '/health')).headers.get('strict-transport-security')).toContain('max-age');
  });
});

describe('too many requests', () => {
  it('from one address are slowed down, with the time to wait; another address is not', async () => {
    const few = { burst: 3, perSecond: 0.5 };
    const many = { burst: 1000, perSecond: 1000 };
    const rates = {
      read: { address: few, account: many },
      write: { address: many, account: few },
      guess: { address: many, account: many },
    };
    await using slow = await startBackend({ rates, environment: { TRUSTED_PROXIES: '127.0.0.1' } });
    const read = (address: string) =>
      slow.request('GET', '/api/auth/providers', { headers: { 'x-forwarded-for': address } });
    for (let i = 0; i < 3; i++) expect((await read('10.0.0.1')).status).toBe(200);
    const slowed = await read('10.0.0.1');
    expect(slowed).toMatchObject({ status: 429, body: { code: 'slow-down' } });
    expect(slowed.headers.get('retry-after')).toBe('2');
    expect((await read('10.0.0.2')).status).toBe(200);
  });

  it('of one account are slowed down wherever they come from', async () => {
    const few = { burst: 3, perSecond: 0.5 };
    const many = { burst: 1000, perSecond: 1000 };
    const rates = {
      read: { address: many, account: few },
      write: { address: many, account: many },
      guess: { address: many, account: many },
    };
    await using slow = await startBackend({ rates, environment: { TRUSTED_PROXIES: '127.0.0.1' } });
    const { token: mine } = await slow.signIn(await slow.signUp());
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      const asked = { token: mine, headers: { 'x-forwarded-for': `10.0.0.${i}` } };
      statuses.push((await slow.request('GET', '/api/users/me', asked)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('a token in the address', () => {
  it('is no way in, but for the sockets that the contract has it for', async () => {
    expect((await backend.request('GET', `/api/users/me?token=${token}`)).status).toBe(401);
    expect(
      (await backend.request('POST', `/api/auth/signup?token=${token}`, { body: signupBody(await backend.signUp()) }))
        .status,
    ).toBe(409);
  });
});
