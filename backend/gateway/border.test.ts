import { describe, expect, it } from 'vitest';
import { createBorder } from './border.ts';
import { proxyList } from './address.ts';

const trustedProxies = proxyList(['10.0.0.1']) ?? { check: () => false };
const local = createBorder({ publicUrl: null, listenHost: '127.0.0.1', trustedProxies });
const known = createBorder({
  publicUrl: new URL('https://terminals.example.org'),
  listenHost: '0.0.0.0',
  trustedProxies,
});
const arrive = (border: typeof local, headers: Record<string, string>) => border('id', headers, '192.0.2.7');

describe('the Host of a request', () => {
  it.each(['127.0.0.1:8080', 'localhost', 'localhost:1', '[::1]:8080', '127.9.9.9'])('may be loopback: %s', (host) => {
    expect(arrive(local, { host }).refuse).toBeNull();
  });

  it.each([
    'evil.example:8080',
    'terminals.example.org',
    '192.0.2.1',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
  ])('is refused where it is not ours, as a rebound name is: %s', (host) => {
    expect(arrive(local, { host }).refuse).toBe('wrong-host');
  });

  it.each(['', 'a b', 'user@localhost', 'localhost/path', 'localhost?x', 'localhost#x', ':80', 'http://localhost'])(
    'is refused where it is no host: “%s”',
    (host) => {
      expect(arrive(local, { host }).refuse).toBe('wrong-host');
    },
  );

  it('is refused where there is none', () => {
    expect(arrive(local, {}).refuse).toBe('wrong-host');
  });

  it('may be that of PUBLIC_URL, and the address it listens on, but not all of them', () => {
    expect(arrive(known, { host: 'terminals.example.org' }).refuse).toBeNull();
    expect(arrive(known, { host: 'TERMINALS.example.org:443' }).refuse).toBeNull();
    expect(arrive(known, { host: 'other.example.org' }).refuse).toBe('wrong-host');
    const onLan = createBorder({ publicUrl: null, listenHost: '192.168.1.5', trustedProxies });
    expect(arrive(onLan, { host: '192.168.1.5:8080' }).refuse).toBeNull();
    expect(arrive(onLan, { host: '192.168.1.6:8080' }).refuse).toBe('wrong-host');
  });
});

describe('the Origin of a request', () => {
  const host = 'terminals.example.org';

  it('may be missing, or this very host', () => {
    expect(arrive(known, { host }).refuse).toBeNull();
    expect(arrive(known, { host, origin: 'https://terminals.example.org' }).refuse).toBeNull();
    expect(arrive(local, { host: 'localhost:8080', origin: 'http://localhost:8080' }).refuse).toBeNull();
  });

  it.each(['https://evil.example', 'null', 'https://terminals.example.org.evil.example', 'http://localhost:9', ''])(
    'is refused where it is another: “%s”',
    (origin) => {
      expect(arrive(known, { host, origin }).refuse).toBe('wrong-origin');
    },
  );
});

describe('where a request comes from', () => {
  it.each([
    ['webxterm-desktop/1.2.3', 'desktop'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'ui'],
    ['Mozilla/5.0 vscode/1.99', 'vscode'],
    ['curl/8', 'cli'],
    ['not webxterm-desktop/1', 'cli'],
  ])('is told by the user agent %s', (userAgent, source) => {
    expect(arrive(local, { host: 'localhost', 'user-agent': userAgent }).visitor.source).toBe(source);
  });

  it('keeps no endless user agent', () => {
    const { visitor } = arrive(local, { host: 'localhost', 'user-agent': 'x'.repeat(5000) });
    expect(visitor.userAgent).toHaveLength(512);
  });

  it('is the client behind a trusted proxy, and the socket otherwise', () => {
    const headers = { host: 'localhost', 'x-forwarded-for': '203.0.113.9' };
    expect(local('id', headers, '10.0.0.1').visitor.address).toBe('203.0.113.9');
    expect(local('id', headers, '10.0.0.2').visitor.address).toBe('10.0.0.2');
  });
});
