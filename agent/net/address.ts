/** The server's address as a person writes it, brought to one form. Without encryption only where nothing leaves this computer. */
import { BlockList, isIP } from 'node:net';

export type Address =
  | {
      readonly ok: true;
      /** Scheme, host and port: what is dialled, and what the challenge is signed for. */ readonly origin: string;
    }
  | { readonly ok: false; readonly code: 'bad-address' | 'not-encrypted'; readonly message: string };

/** A bare name means https. `allowPlain` is the person's explicit wish. */
export function parseAddress(text: string, allowPlain: boolean): Address {
  const trimmed = text.trim();
  const full = /^[a-z][a-z0-9+.-]*:\/\//iu.test(trimmed) ? trimmed : `https://${trimmed}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (url === null || !isPlainOrigin(url)) {
    return {
      ok: false,
      code: 'bad-address',
      message: `“${text}” is not a server’s address, such as https://webxterm.example.com.`,
    };
  }
  if (url.protocol === 'http:' && !allowPlain && !isLoopback(hostOf(url))) {
    return {
      ok: false,
      code: 'not-encrypted',
      message:
        'Without https everything typed could be read on the way. Use https://, or --insecure if the network is yours alone.',
    };
  }
  return { ok: true, origin: url.origin };
}

/** A name that can only mean this computer. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const family = isIP(host);
  return family !== 0 && loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/gu, '');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isPlainOrigin(url: URL): boolean {
  const known = url.protocol === 'https:' || url.protocol === 'http:';
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return known && bare && url.hostname !== '';
}
