import { describe, expect, it } from 'vitest';
import { assert, ipV4, property } from 'fast-check';
import { clientAddress, limitedBy, proxyList, type Proxies } from './address.ts';

function trusting(...entries: string[]): Proxies {
  const list = proxyList(entries);
  if (!list) throw new Error('not a list');
  return list;
}
const nobody = trusting();

describe('the address of a client', () => {
  it('is that of the socket, whatever a header claims, when no proxy is trusted', () => {
    assert(
      property(ipV4(), ipV4(), (socket, claimed) => {
        expect(clientAddress(socket, claimed, nobody)).toBe(socket);
      }),
    );
  });

  it('is the rightmost hop that is not trusted: what stands left of it anybody may have written', () => {
    const trusted = trusting('10.0.0.0/8', '192.0.2.1');
    expect(clientAddress('192.0.2.1', '1.1.1.1, 203.0.113.9, 10.1.2.3', trusted)).toBe('203.0.113.9');
    expect(clientAddress('10.9.9.9', '203.0.113.9', trusted)).toBe('203.0.113.9');
    expect(clientAddress('198.51.100.4', '203.0.113.9', trusted)).toBe('198.51.100.4');
  });

  it('is the socket’s where a proxy sent nothing of use', () => {
    const trusted = trusting('10.0.0.1');
    expect(clientAddress('10.0.0.1', undefined, trusted)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', 'unknown', trusted)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', '203.0.113.9, unknown', trusted)).toBe('10.0.0.1');
  });

  it('is the same in IPv4 and in IPv6 clothes', () => {
    expect(clientAddress('::ffff:10.0.0.1', '::ffff:203.0.113.9', trusting('10.0.0.1'))).toBe('203.0.113.9');
    expect(clientAddress('fe80::1%eth0', undefined, nobody)).toBe('fe80::1');
    expect(clientAddress('2001:db8::7', '2001:db8:1::9', trusting('2001:db8::/64'))).toBe('2001:db8:1::9');
  });
});

describe('a list of proxies', () => {
  it.each(['proxy.example.org', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/x', '::/129', '10.0.0', '/8'])(
    'is refused as a whole with %s in it',
    (entry) => {
      expect(proxyList(['10.0.0.1', entry])).toBeNull();
    },
  );
});

describe('what limits count', () => {
  it('is an IPv4 address, and the /64 of an IPv6 one', () => {
    expect(limitedBy('192.0.2.1')).toBe('192.0.2.1');
    expect(limitedBy('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(limitedBy('2001:db8:1:2::9')).toBe(limitedBy('2001:db8:1:2:ffff::1'));
    expect(limitedBy('2001:db8::9')).toBe('2001:db8:0:0::/64');
    expect(limitedBy('::1')).toBe('0:0:0:0::/64');
  });
});
