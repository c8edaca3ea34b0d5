import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenForReturn, type BrowserReturn } from './browser-return.ts';

const STATE = 'a state that only this sign-in knows';
const TICKET = 'a ticket that only its browser was given';
const LINK = 'https://server.example/begin?code_challenge=c';
interface Answer {
  readonly status: number | undefined;
  readonly text: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

describe('the place a browser comes back to', () => {
  let stop: AbortController;
  let place: BrowserReturn;
  let whose: () => Promise<boolean>;
  beforeEach(async () => {
    stop = new AbortController();
    whose = () => Promise.resolve(true);
    const isOwnPeer = () => whose();
    place = await listenForReturn({ ticket: TICKET, state: STATE, isOwnPeer }, stop.signal);
  });
  afterEach(() => stop.abort());

  const ask = (query: string, { method = 'GET', path = '/callback', host = '' } = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { hostname, port, host: own } = new URL(place.redirectUri);
      const sent = request({ hostname, port, method, path: `${path}?${query}`, headers: { host: host || own } });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, text, headers: response.headers }));
      });
      sent.end();
    });
  const right = new URLSearchParams({ state: STATE, code: 'c-1' }).toString();

  it('is on this computer only, takes the code, tells the person, and is closed then', async () => {
    expect(place.redirectUri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const answer = await ask(right);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.text).toContain('Go back to the app');
    expect(answer.text).not.toContain('c-1');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(await place.returned).toEqual({ code: 'c-1' });
    await expect(ask(right)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('takes why nobody was signed in', async () => {
    await ask(new URLSearchParams({ state: STATE, error: 'account-unknown' }).toString());
    expect(await place.returned).toEqual({ error: 'account-unknown' });
  });

  it.each([
    ['without the state', 'code=c-2', {}],
    ['with another state', 'code=c-2&state=guessed', {}],
    ['with neither code nor error', `state=${encodeURIComponent(STATE)}`, {}],
    ['at another path', right, { path: '/' }],
    ['at what is no address', right, { path: '//' }],
    ['by another method', right, { method: 'POST' }],
    ['under another name', right, { host: 'rebound.example' }],
  ])('sends away who comes %s, and goes on waiting', async (_how, query, how) => {
    expect(await ask(query, how)).toMatchObject({ status: 404 });
    await ask(right);
    expect(await place.returned).toEqual({ code: 'c-1' });
  });

  const setOut = (search: string) => ask(search.slice(1), { path: '/begin' });

  it('is where it sets out from: what it is given does not say where to', async () => {
    const given = new URL(place.setOutTo(LINK));
    expect(given.origin).toBe(new URL(place.redirectUri).origin);
    expect(given.href).not.toContain('server.example');
    expect(await setOut(given.search)).toMatchObject({ status: 302, headers: { location: LINK } });
    await ask(right);
    expect(await place.returned).toEqual({ code: 'c-1' });
  });

  it('sends nobody on without the ticket, nor before it knows where to', async () => {
    expect(await setOut(`?${new URLSearchParams({ ticket: TICKET }).toString()}`)).toMatchObject({ status: 404 });
    place.setOutTo(LINK);
    const answer = await setOut('?ticket=guessed');
    expect(answer.status).toBe(404);
    expect(answer.headers['location']).toBeUndefined();
  });

  it('is over when two set out', async () => {
    const { search } = new URL(place.setOutTo(LINK));
    await setOut(search);
    expect(await setOut(search)).toMatchObject({ status: 409 });
    expect(await place.returned).toEqual({ twice: true });
    await expect(ask(right)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each([
    ['another person of this computer', () => Promise.resolve(false)],
    ['whoever it cannot tell from this person', () => Promise.reject(new Error('no descriptor left'))],
  ])('sends away %s, whatever it knows', async (_who, other) => {
    const { search } = new URL(place.setOutTo(LINK));
    whose = other;
    expect(await setOut(search)).toMatchObject({ status: 404 });
    expect(await ask(right)).toMatchObject({ status: 404 });
    whose = () => Promise.resolve(true);
    expect(await setOut(search)).toMatchObject({ status: 302 });
  });

  it('is closed when nobody waits any more', async () => {
    stop.abort();
    expect(await place.returned).toBe(null);
    await expect(ask(right)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
