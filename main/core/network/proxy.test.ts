import { describe, expect, it } from 'vitest';
import { proxyFor, proxyOfSystem, type Environment } from './proxy.ts';

const system = { proxy: 'system', proxy_url: '' } as const;
const proxied = (address: string, env: Environment): string | null => proxyFor(address, system, env);

describe('the proxy of the environment', () => {
  const env = { HTTP_PROXY: 'http://plain.proxy:1', HTTPS_PROXY: 'http://tls.proxy:2' };

  it('is the one of the scheme, for WebSockets too', () => {
    expect(proxied('http://a.example/', env)).toBe('http://plain.proxy:1');
    expect(proxied('https://a.example/', env)).toBe('http://tls.proxy:2');
    expect(proxied('ws://a.example/api', env)).toBe('http://plain.proxy:1');
    expect(proxied('wss://a.example/api', env)).toBe('http://tls.proxy:2');
  });

  it('is ALL_PROXY where the scheme has none, in either case of letters', () => {
    expect(proxied('https://a.example/', { all_proxy: 'socks5://p:1080' })).toBe('socks5://p:1080');
    expect(proxied('https://a.example/', { https_proxy: 'http://small:1', HTTPS_PROXY: 'http://large:1' })).toBe(
      'http://small:1',
    );
  });

  it('without a scheme is an HTTP proxy', () => {
    expect(proxied('https://a.example/', { HTTPS_PROXY: 'p.example:3128' })).toBe('http://p.example:3128');
  });

  it.each([
    ['a.example', 'https://a.example/'],
    ['.example', 'https://a.example/'],
    ['*.example', 'https://deep.a.example/'],
    ['example', 'https://a.example/'],
    ['*', 'https://a.example/'],
    ['b.example, a.example', 'https://a.example/'],
    ['A.EXAMPLE', 'https://a.example/'],
    ['a.example:8443', 'https://a.example:8443/'],
    ['a.example:443', 'https://a.example/'],
    ['10.0.0.0/8', 'https://10.1.2.3/'],
    ['10.1.2.3', 'https://10.1.2.3/'],
    ['fd00::/8', 'https://[fd12::1]/'],
    ['fd12::1', 'https://[fd12::1]/'],
  ])('is passed by where NO_PROXY is %j: %s', (list, address) => {
    expect(proxied(address, { ...env, NO_PROXY: list })).toBe('');
  });

  it.each([
    ['a.example:8443', 'https://a.example/'],
    ['xample', 'https://a.example/'],
    ['b.example', 'https://a.example/'],
    ['10.0.0.0/8', 'https://11.1.2.3/'],
    ['10.0.0.0/99', 'https://10.1.2.3/'],
    ['10.0.0.0/x', 'https://10.1.2.3/'],
    ['', 'https://a.example/'],
  ])('is taken where NO_PROXY is %j: %s', (list, address) => {
    expect(proxied(address, { ...env, NO_PROXY: list })).toBe('http://tls.proxy:2');
  });
});

describe('this computer', () => {
  it.each([
    'http://localhost:1/',
    'http://127.0.0.1/',
    'http://127.9.9.9/',
    'http://[::1]:8080/',
    'ws://dev.localhost/',
  ])('is reached without any proxy: %s', (address) => {
    expect(proxyFor(address, { proxy: 'manual', proxy_url: 'http://p:1' }, {})).toBe('');
  });

  it.each(['http://localhost.example/', 'http://128.0.0.1/', 'http://127.0.0.1.example/'])(
    'is not meant by %s',
    (address) => {
      expect(proxyFor(address, { proxy: 'manual', proxy_url: 'http://p:1' }, {})).toBe('http://p:1');
    },
  );
});

describe('the proxy of the operating system', () => {
  it('is asked for only where neither the person nor the environment says anything', () => {
    expect(proxyFor('https://a.example', system, {})).toBe(null);
    expect(proxyFor('https://a.example', system, { NO_PROXY: 'a.example' })).toBe('');
    expect(proxyFor('https://a.example', { proxy: 'none', proxy_url: '' }, {})).toBe('');
  });

  it.each([
    ['DIRECT', ''],
    ['PROXY p.example:3128; DIRECT', 'http://p.example:3128'],
    ['HTTPS p.example:443', 'https://p.example:443'],
    ['SOCKS5 p.example:1080; PROXY q:1', 'socks5h://p.example:1080'],
    ['SOCKS p.example:1080', 'socks4://p.example:1080'],
    ['', ''],
    ['PROXY', ''],
    ['SOMETHING new:1', ''],
  ])('said as %j is %j', (said, proxy) => {
    expect(proxyOfSystem(said)).toBe(proxy);
  });
});
