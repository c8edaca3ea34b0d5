/** How this desktop reaches out: the agent behind every HTTP request and WebSocket, with the proxy and the authorities of the settings. */
import type { Agent, ClientRequest } from 'node:http';
import { createSecureContext } from 'node:tls';
import { ProxyAgent } from 'proxy-agent';
import { z } from 'zod';
import type { Settings } from '../../../protocol/bridge/settings.ts';
import type { Log } from '../log/log.ts';
import type { Notices } from '../notices.ts';
import type { Watched } from '../variable.ts';
import { extraAuthorities, systemAuthorities } from './authorities.ts';
import { proxyFor, proxyOfSystem, type Environment } from './proxy.ts';

/** What became of a request on its way through a proxy. */
export interface Proxied {
  /** Without its credentials. */
  readonly proxy: string;
  /** What it answered when it was asked for a tunnel; null while it was not reached. */
  readonly answer: number | null;
}
export interface Network {
  /** For one connection to come. */
  agent(): Promise<Agent>;
  /** Null for a request that goes its way without a proxy. */
  proxied(request: object): Proxied | null;
}
interface NetworkParts {
  readonly settings: Watched<Settings>;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** What the operating system says, where the host can ask it. */
  readonly systemProxy?: ((url: string) => Promise<string>) | undefined;
  readonly notices: Notices;
  readonly log: Log;
}

const tunnelAnswer = z.object({ statusCode: z.int() });

/** Follows the settings until the signal. */
export function openNetwork(parts: NetworkParts, signal: AbortSignal): Network {
  const requests = new WeakMap<object, Proxied>();
  const system = systemAuthorities(parts.platform, parts.env);
  let present: { readonly setting: Settings['network']; readonly agent: Promise<Agent> } | null = null;

  const ofSystem = async (url: string): Promise<string> => {
    const said = await parts.systemProxy?.(url).catch(() => '');
    return proxyOfSystem(said ?? '');
  };
  const route = async (setting: Settings['network'], url: string, request: ClientRequest): Promise<string> => {
    const proxy = proxyFor(url, setting, parts.env) ?? (await ofSystem(url));
    if (proxy === '') return '';
    requests.set(request, { proxy: withoutCredentials(proxy), answer: null });
    request.once('proxyConnect', (connect: unknown) => {
      const answer = tunnelAnswer.safeParse(connect).data?.statusCode ?? 200;
      requests.set(request, { proxy: withoutCredentials(proxy), answer });
    });
    return proxy;
  };
  const build = async (setting: Settings['network']): Promise<Agent> => {
    const ca = [...(await system), ...(await extra(setting.extra_ca_file, parts.notices))];
    // one context for all connections: reading some hundred certificates takes longer than a handshake
    const secureContext = createSecureContext({ ca });
    return new ProxyAgent({
      secureContext,
      getProxyForUrl: (url, request) => route(setting, url, request),
    });
  };
  parts.settings.watch(({ network }) => {
    if (present?.setting !== network) present = { setting: network, agent: build(network) };
  }, signal);
  return {
    agent: () => present?.agent ?? Promise.reject(new Error('the network is closed')),
    proxied: (request) => requests.get(request) ?? null,
  };
}

async function extra(path: string, notices: Notices): Promise<readonly string[]> {
  if (path === '') {
    notices.withdraw('extra-ca-unreadable');
    return [];
  }
  const read = await extraAuthorities(path);
  if (read.ok) {
    notices.withdraw('extra-ca-unreadable');
    return read.certificates;
  }
  notices.tell({
    level: 'warning',
    code: 'extra-ca-unreadable',
    message: 'The file with further certificate authorities cannot be used. Check it under Settings, Network.',
    detail: read.detail,
  });
  return [];
}

function withoutCredentials(proxy: string): string {
  if (!URL.canParse(proxy)) return 'an address that cannot be read';
  const url = new URL(proxy);
  return `${url.protocol}//${url.host}`;
}
