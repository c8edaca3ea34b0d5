/** The server's address as people write it. */
import { describe, expect, it } from 'vitest';
import { isLoopback, parseAddress } from './address.ts';

describe('an address', () => {
  it.each([
    ['shell.example.org', 'https://shell.example.org'],
    ['https://Shell.Example.org/', 'https://shell.example.org'],
    [' https://shell.example.org:443 ', 'https://shell.example.org'],
    ['shell.example.org:8443', 'https://shell.example.org:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['http://localhost', 'http://localhost'],
  ])('%s is dialled as %s', (text, origin) => {
    expect(parseAddress(text, false)).toEqual({ ok: true, origin });
  });

  it.each(['', 'https://', 'ftp://a.b', 'https://a.b/path', 'https://u:p@a.b', 'https://a.b?x=1', 'a b'])(
    '%j is none',
    (text) => {
      expect(parseAddress(text, true)).toMatchObject({ ok: false, code: 'bad-address' });
    },
  );

  it('without encryption leaves this computer only by explicit wish', () => {
    expect(parseAddress('http://shell.example.org', false)).toMatchObject({ ok: false, code: 'not-encrypted' });
    expect(parseAddress('http://shell.example.org', true)).toEqual({ ok: true, origin: 'http://shell.example.org' });
  });
});

describe('loopback', () => {
  it.each(['localhost', 'app.localhost', '127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])(
    '%s is this computer',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each(['localhost.example.org', '128.0.0.1', '0.0.0.0', '127.0.0.1.example.org', '::2', '10.0.0.1'])(
    '%s is not',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
