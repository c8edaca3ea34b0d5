import { describe, expect, it } from 'vitest';
import { judge, type Asked } from './guard.ts';

const own = '127.0.0.1:4000';
const origin = `http://${own}`;
const asked = (change: Partial<Asked>): Asked => ({
  method: 'GET',
  pathname: '/',
  host: own,
  origin: undefined,
  site: undefined,
  upgrade: false,
  ...change,
});

describe('the browser host answers', () => {
  it.each([
    ['the page, typed or reloaded', asked({ site: 'none' }), 'file'],
    ['a script of its page', asked({ pathname: '/assets/a.js', origin, site: 'same-origin' }), 'file'],
    [
      'the post of a launcher file, which has no origin',
      asked({ method: 'POST', pathname: '/launch', origin: 'null', site: 'cross-site' }),
      'launch',
    ],
    ['the bridge of its page', asked({ pathname: '/bridge', origin, upgrade: true }), 'bridge'],
    ['a terminal of its page', asked({ pathname: '/terminal', origin, upgrade: true }), 'terminal'],
  ])('%s', (_what, request, route) => {
    expect(judge(request, own)).toEqual({ ok: true, route });
  });
});

describe('the browser host refuses', () => {
  it.each([
    ['a name that was rebound to loopback', asked({ host: 'evil.example:4000' }), 'wrong-host'],
    ['a request without a host', asked({ host: undefined }), 'wrong-host'],
    ['another port of this computer', asked({ host: '127.0.0.1:4001' }), 'wrong-host'],
    ['localhost, which is another origin', asked({ host: 'localhost:4000' }), 'wrong-host'],
    ['a link from a foreign page', asked({ site: 'cross-site' }), 'wrong-origin'],
    ['a script asked for by a foreign page', asked({ pathname: '/assets/a.js', site: 'cross-site' }), 'wrong-origin'],
    ['a fetch from a foreign page', asked({ origin: 'https://evil.example' }), 'wrong-origin'],
    ['another port’s page on loopback', asked({ origin: 'http://127.0.0.1:3000', site: 'same-site' }), 'wrong-origin'],
    ['a post to the page', asked({ method: 'POST' }), 'wrong-method'],
    ['a launch by its address', asked({ pathname: '/launch' }), 'wrong-method'],
    [
      'a launch posted by a foreign page',
      asked({ method: 'POST', pathname: '/launch', origin: 'https://evil.example' }),
      'wrong-origin',
    ],
    ['a launch posted without an origin', asked({ method: 'POST', pathname: '/launch' }), 'wrong-origin'],
    [
      'the socket of a foreign page',
      asked({ pathname: '/bridge', origin: 'https://evil.example', upgrade: true }),
      'wrong-origin',
    ],
    ['the socket of a file', asked({ pathname: '/bridge', origin: 'null', upgrade: true }), 'wrong-origin'],
    ['a socket without an origin', asked({ pathname: '/bridge', upgrade: true }), 'wrong-origin'],
    ['a socket that is none of its two', asked({ pathname: '/other', origin, upgrade: true }), 'not-found'],
  ])('%s', (_what, request, code) => {
    expect(judge(request, own)).toEqual({ ok: false, code });
  });
});
