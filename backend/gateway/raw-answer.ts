/** An HTTP answer written by hand, where there is no request to answer through: refused upgrades, and what is not HTTP. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorAnswer } from './refusal.ts';

export function sendRaw(socket: Duplex, answer: ErrorAnswer, headers: Readonly<Record<string, string>>): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(answer.body);
  const all: Record<string, string> = {
    ...headers,
    ...answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`, ...head, '', body].join('\r\n'));
}
