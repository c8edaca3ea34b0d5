/** Which proxy a connection goes through: none, one set by hand, or what the environment says. */
import { BlockList, isIP } from 'node:net';
import type { Settings } from '../../../protocol/bridge/settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
type ProxySetting = Pick<Settings['network'], 'proxy' | 'proxy_url'>;

const SCHEMES: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  SOCKS: 'socks4',
  SOCKS4: 'socks4',
  SOCKS5: 'socks5h', // names are the proxy's to find
};
const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * The proxy's address, an empty string for none, or null where neither the person nor the environment says anything. This computer
 * itself is never reached through one.
 */
export function proxyFor(address: string, setting: ProxySetting, env: Environment): string | null {
  const url = new URL(address.replace(/^ws/, 'http')); // a WebSocket goes the way of its own scheme's requests
  if (isLoopback(hostOf(url))) return '';
  switch (setting.proxy) {
    case 'none':
      return '';
    case 'manual':
      return withScheme(setting.proxy_url.trim());
    case 'system':
      return isExempt(url, read(env, 'no_proxy')) ? '' : withScheme(fromEnvironment(url, env)) || null;
  }
}

/** The first choice of what an operating system says: `DIRECT`, `PROXY host:port`, `HTTPS host:port`, `SOCKS5 host:port`. */
export function proxyOfSystem(said: string): string {
  const [kind = '', where = ''] = (said.split(';')[0] ?? '').trim().split(/\s+/);
  const scheme = SCHEMES[kind.toUpperCase()];
  return scheme === undefined || where === '' ? '' : `${scheme}://${where}`;
}

/** 127.0.0.0/8, ::1, and the names that can mean nothing else. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').toLowerCase();

function fromEnvironment(url: URL, env: Environment): string {
  return read(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') || read(env, 'all_proxy');
}

const read = (env: Environment, name: string): string => env[name] ?? env[name.toUpperCase()] ?? '';

const withScheme = (proxy: string): string => (proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`);

/** `NO_PROXY` as curl reads it: names with all below them, `*`, a port, addresses and blocks of them. */
function isExempt(url: URL, list: string): boolean {
  const host = hostOf(url);
  const entries = list.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry === '*' || entry === host || isInBlock(host, entry) || isBelow(url, entry));
}

function isBelow(url: URL, entry: string): boolean {
  const named = /^(?:\*?\.)?([^:]+)(?::(\d+))?$/.exec(entry);
  if (named === null) return false;
  const [, name, port = ''] = named;
  const host = hostOf(url);
  return (port === '' || port === (url.port || PORTS[url.protocol])) && (host === name || host.endsWith(`.${name}`));
}

function isInBlock(host: string, block: string): boolean {
  const [network = '', bits = ''] = block.split('/');
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}
