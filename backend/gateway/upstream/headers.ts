/** Which headers pass from one side to the other: none that is about one connection, none that only a door may read. */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';

/** RFC 9110, 7.6.1, and what older programs send. */
const ofOneConnection = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** Read at the door, and told by the assertion where they are told at all. */
const ofTheDoor = ['authorization', 'cookie', 'expect', 'forwarded', 'host', 'origin'];
/** Told anew with a body that is handed on: without one, it would be taken out of the next request. */
const ofTheBody = ['content-length'];
const prefixesOfTheDoor = ['x-webxterm-', 'x-forwarded-'];

export function requestHeaders({ headers }: Pick<IncomingMessage, 'headers'>): OutgoingHttpHeaders {
  const dropped = new Set([...ofOneConnection, ...ofTheDoor, ...ofTheBody, ...named(headers.connection)]);
  return kept(headers, (name) => !dropped.has(name) && !prefixesOfTheDoor.some((prefix) => name.startsWith(prefix)));
}

export function answerHeaders({ headers }: Pick<IncomingMessage, 'headers'>): OutgoingHttpHeaders {
  const dropped = new Set([...ofOneConnection, ...named(headers.connection)]);
  return kept(headers, (name) => !dropped.has(name));
}

/** The headers that a message says are for this connection only. */
function named(connection: string | undefined): readonly string[] {
  return (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
}

function kept(headers: IncomingHttpHeaders, wanted: (name: string) => boolean): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => wanted(name)));
}

/** The address without the token that a socket's may carry. */
export function withoutToken(target: string): string {
  const at = target.indexOf('?');
  if (at < 0) return target;
  const query = target
    .slice(at + 1)
    .split('&')
    .filter((part) => !isToken(part));
  return query.length === 0 ? target.slice(0, at) : `${target.slice(0, at)}?${query.join('&')}`;
}

function isToken(part: string): boolean {
  const [name] = new URLSearchParams(part).keys();
  return name === 'token';
}
