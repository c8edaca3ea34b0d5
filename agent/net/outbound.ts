/** The way out of this computer: what a request or socket needs for the proxy and the authorities that apply to it. */
import type { Agent } from 'node:http';
import { createSecureContext, type SecureContext } from 'node:tls';
import { hostOf } from './address.ts';
import { loadTrust, type TrustSources } from './authorities.ts';
import { proxyFor } from './proxy.ts';
import type { Route } from './steps.ts';

export interface Way {
  readonly ok: true;
  readonly route: Route;
  /** Options of `http.request`, and so of a WebSocket. */
  readonly options: { readonly agent?: Agent; readonly secureContext?: SecureContext };
}
export type WayOut =
  Way | { readonly ok: false; readonly code: 'ca-unreadable' | 'bad-proxy'; readonly message: string };

/** Found anew for each connection: authorities change while an agent runs for months. */
export async function findWayOut(server: URL, sources: TrustSources): Promise<WayOut> {
  const encrypted = server.protocol === 'https:';
  const trust = encrypted ? await loadTrust(sources) : null;
  if (trust?.ok === false) return trust;
  const secure = trust === null ? {} : { secureContext: createSecureContext({ ca: [...trust.authorities] }) };
  const route = { host: hostOf(server), encrypted };

  const proxy = proxyFor(server, sources.env);
  if (proxy === null) return { ok: true, route: { ...route, proxy: null }, options: secure };
  const shown = withoutPassword(proxy);
  if (shown === null) {
    return {
      ok: false,
      code: 'bad-proxy',
      message: 'The proxy in the environment is not an address this agent can use.',
    };
  }
  // Loaded only where there is a proxy: it is large, and most agents never need it.
  const { ProxyAgent } = await import('proxy-agent');
  const agent = new ProxyAgent({ ...secure, getProxyForUrl: () => proxy });
  return { ok: true, route: { ...route, proxy: shown }, options: { ...secure, agent } };
}

const USABLE = ['http:', 'https:', 'socks:', 'socks4:', 'socks4a:', 'socks5:', 'socks5h:'];

function withoutPassword(proxy: string): string | null {
  const url = URL.canParse(proxy) ? new URL(proxy) : null;
  return url !== null && USABLE.includes(url.protocol) ? `${url.protocol}//${url.host}` : null;
}
