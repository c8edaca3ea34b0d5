/** Which proxy the environment names for a server: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, and who goes without by `NO_PROXY`. */
import { BlockList, isIP } from 'node:net';
import { hostOf, isLoopback } from './address.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Null for none, text that is no address as it stands. This computer itself is never reached through one. */
export function proxyFor(server: URL, env: Environment): string | null {
  if (isLoopback(hostOf(server)) || isExempt(server, read(env, 'no_proxy'))) return null;
  const named = read(env, server.protocol === 'https:' ? 'https_proxy' : 'http_proxy') || read(env, 'all_proxy');
  if (named === '') return null;
  return named.includes('://') ? named : `http://${named}`;
}

/** Small letters count first, as everywhere. */
const read = (env: Environment, name: string) => env[name] ?? env[name.toUpperCase()] ?? '';

/** As curl reads it: `*`, a name with all below it, with a port if one is given, an address, a block of them. */
function isExempt(server: URL, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/u)
    .some((entry) => entry === '*' || isInBlock(hostOf(server), entry) || isNamed(server, entry));
}

function isNamed(server: URL, entry: string): boolean {
  const [, name = '', port] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/u.exec(entry) ?? [];
  const usualPort = server.protocol === 'https:' ? '443' : '80';
  if (name === '' || (port !== undefined && port !== (server.port || usualPort))) return false;
  const host = hostOf(server);
  return host === name || host.endsWith(`.${name}`);
}

function isInBlock(host: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/u.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}
