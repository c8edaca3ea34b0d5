/** The first look at a request: where it comes from, which host it means, and whether another site sent it. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIPv4 } from 'node:net';
import type { ErrorCode } from '../../protocol/api/errors.ts';
import type { Source } from '../../protocol/api/values.ts';
import { clientAddress, type Proxies } from './address.ts';
import type { Visitor } from './caller.ts';

export interface BorderParts {
  /** Where people reach this server; null: on this machine only. */
  readonly publicUrl: URL | null;
  /** The address it listens on is a name of it too, unless it is all of them. */
  readonly listenHost: string;
  readonly trustedProxies: Proxies;
}
export interface Arrival {
  readonly visitor: Visitor;
  /** Why it is turned away before anything else; null: it may come in. */
  readonly refuse: ErrorCode | null;
}
/** `headers` and the address of the socket they came by. */
export type Border = (requestId: string, headers: IncomingHttpHeaders, socketAddress: string) => Arrival;

const LONGEST_USER_AGENT = 512;

export function createBorder({ publicUrl, listenHost, trustedProxies }: BorderParts): Border {
  const names = new Set([publicUrl?.hostname, hostOf(`http://${bracketed(listenHost)}`)?.hostname]);
  return (requestId, headers, socketAddress) => {
    const host = hostOf(`http://${headers.host ?? ''}`);
    const userAgent = userAgentOf(headers);
    const visitor: Visitor = {
      requestId,
      address: clientAddress(socketAddress, headers['x-forwarded-for']?.toString(), trustedProxies),
      userAgent,
      source: sourceOf(userAgent),
      host: host?.host ?? '',
    };
    return { visitor, refuse: host ? refusalFor(host, headers.origin) : 'wrong-host' };
  };

  function refusalFor(host: URL, origin: string | undefined): ErrorCode | null {
    if (!isLoopback(host.hostname) && !names.has(host.hostname)) return 'wrong-host';
    return isForeign(origin, host, publicUrl) ? 'wrong-origin' : null;
  }
}

export function userAgentOf(headers: IncomingHttpHeaders): string | null {
  return headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null;
}

/** Null: a path, a user name or nonsense came with it. */
function hostOf(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && url.href === `http://${url.host}/` ? url : null;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}

/** Programs send no Origin. A browser's page of this very host may call; which scheme it sees, a proxy decides. */
function isForeign(origin: string | undefined, host: URL, publicUrl: URL | null): boolean {
  if (origin === undefined) return false;
  return ![`http://${host.host}`, `https://${host.host}`, publicUrl?.origin].includes(origin.toLowerCase());
}

function sourceOf(userAgent: string | null): Source {
  if (userAgent === null) return 'cli';
  if (/^webxterm-desktop\//i.test(userAgent)) return 'desktop';
  if (/vscode/i.test(userAgent)) return 'vscode';
  return userAgent.startsWith('Mozilla/') ? 'ui' : 'cli';
}
