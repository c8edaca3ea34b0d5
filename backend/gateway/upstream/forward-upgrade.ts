/** A wish for a WebSocket handed on to the machine service: upgraded there first, then here; or refused in its words. */
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../../../protocol/api/row.ts';
import type { Admitted } from '../door.ts';
import type { Dial } from './dial.ts';
import { answerHeaders } from './headers.ts';
import { join } from './join.ts';

export interface ForwardedUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client said already after its wish. */
  readonly head: Buffer;
  readonly admitted: Admitted;
}
/** Answered already, in the machine service's words; 101: the two sockets are one now. */
export type ForwardedTo = { readonly status: number } | { readonly refuse: Refusal };

const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket' };

export async function forwardUpgrade(dial: Dial, forwarded: ForwardedUpgrade): Promise<ForwardedTo> {
  const { request, socket, head, admitted } = forwarded;
  const upstream = await dial(request, admitted, UPGRADE);
  // No compression, whatever was offered: the payload is on its way already.
  upstream.removeHeader('sec-websocket-extensions');
  const gone = (): void => void upstream.destroy();
  socket.once('close', gone);
  if (socket.closed) gone();
  return new Promise((resolve) => {
    upstream.on('error', () => resolve({ refuse: { code: 'service-unavailable' } }));
    upstream.once('upgrade', (answer, other, first) => {
      other.setTimeout(0);
      socket.off('close', gone);
      socket.write(headOf(answer, UPGRADE));
      if (first.length > 0) socket.write(first);
      if (head.length > 0) other.write(head);
      join(socket, other);
      resolve({ status: 101 });
    });
    upstream.once('response', (answer) => {
      upstream.setTimeout(0);
      socket.write(headOf(answer, { connection: 'close' }));
      answer.pipe(socket);
      answer.on('error', () => socket.destroy());
      resolve({ status: answer.statusCode ?? 0 });
    });
    upstream.end();
  });
}

function headOf(answer: IncomingMessage, connection: Readonly<Record<string, string>>): string {
  const { statusCode = 0 } = answer;
  const headers = Object.entries({ ...answerHeaders(answer), ...connection }).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`),
  );
  return [`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`, ...headers, '', ''].join('\r\n');
}
