/** The address of the client itself: that of the socket, or, behind proxies that are trusted, what they say of it. */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

export type Proxies = Pick<BlockList, 'check'>;

/** `10.0.0.0/8` or a single address each. Null: one of them is neither. */
export function proxyList(entries: readonly string[]): Proxies | null {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const bits = prefix === undefined ? null : Number(prefix);
    if (isIP(address) === 0 || (bits !== null && !isPrefix(bits, family))) return null;
    if (bits === null) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return list;
}

function isPrefix(bits: number, family: 'ipv4' | 'ipv6'): boolean {
  return Number.isInteger(bits) && bits >= 0 && bits <= (family === 'ipv4' ? 32 : 128);
}

/** The rightmost hop that is not trusted: what stands left of it, anybody may have written. */
export function clientAddress(socketAddress: string, forwardedFor: string | undefined, trusted: Proxies): string {
  const hops = [...(forwardedFor ?? '').split(','), socketAddress].map((hop) => plain(hop.trim()));
  for (const hop of hops.toReversed()) {
    // A hop that is no address was not written by a proxy: the one before it in the walk was the last to believe.
    if (isIP(hop) === 0) break;
    if (!trusted.check(hop, isIPv4(hop) ? 'ipv4' : 'ipv6')) return hop;
  }
  return plain(socketAddress);
}

/** IPv4 in IPv6 clothes is IPv4, a zone is of this machine only. */
export function plain(address: string): string {
  const [unzoned = ''] = address.split('%');
  return unzoned.startsWith('::ffff:') && isIPv4(unzoned.slice(7)) ? unzoned.slice(7) : unzoned;
}

/** Who has an IPv6 address has all of its /64: limits count that. */
export function limitedBy(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = address.includes('::') && tail !== '' ? tail.split(':') : [];
  const zeros = address.includes('::') ? Array.from({ length: 8 - left.length - right.length }, () => '0') : [];
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}
