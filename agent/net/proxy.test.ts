/** Which proxy the environment names. */
import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy.ts';

const secure = new URL('https://shell.example.org');

describe('a proxy', () => {
  it('is named for each scheme, or for all', () => {
    expect(proxyFor(secure, { HTTPS_PROXY: 'http://p:3128' })).toBe('http://p:3128');
    expect(proxyFor(secure, { HTTP_PROXY: 'http://p:3128' })).toBeNull();
    expect(proxyFor(new URL('http://a.b'), { http_proxy: 'http://p:1' })).toBe('http://p:1');
    expect(proxyFor(secure, { ALL_PROXY: 'socks5://p:1080' })).toBe('socks5://p:1080');
    expect(proxyFor(secure, { https_proxy: 'http://small:1', HTTPS_PROXY: 'http://big:1' })).toBe('http://small:1');
  });

  it('without a scheme is an HTTP proxy', () => {
    expect(proxyFor(secure, { HTTPS_PROXY: 'proxy.corp:3128' })).toBe('http://proxy.corp:3128');
  });

  it('is none where none is set, or it is set to nothing', () => {
    expect(proxyFor(secure, {})).toBeNull();
    expect(proxyFor(secure, { HTTPS_PROXY: '' })).toBeNull();
  });

  it('never stands between this computer and itself', () => {
    expect(proxyFor(new URL('http://127.0.0.1:8080'), { ALL_PROXY: 'http://p:1' })).toBeNull();
  });
});

const reached = (list: string, server = 'https://shell.example.org:8443') =>
  proxyFor(new URL(server), { HTTPS_PROXY: 'http://p:1', NO_PROXY: list }) === null;

describe('NO_PROXY', () => {
  it.each([
    '*',
    'shell.example.org',
    'example.org',
    '.example.org',
    '*.example.org',
    'a.b, EXAMPLE.org',
    'example.org:8443',
  ])('%s lets the server go without', (list) => {
    expect(reached(list)).toBe(true);
  });

  it.each(['', 'ample.org', 'example.org:443', 'shell.example.org.evil', '10.0.0.0/8'])('%j does not', (list) => {
    expect(reached(list)).toBe(false);
  });

  it('knows addresses and blocks of them', () => {
    expect(reached('10.0.0.0/8', 'https://10.20.30.40')).toBe(true);
    expect(reached('10.0.0.0/8', 'https://11.20.30.40')).toBe(false);
    expect(reached('fd00::/8', 'https://[fd12::1]')).toBe(true);
    expect(reached('10.0.0.0/99', 'https://10.20.30.40')).toBe(false);
  });
});
