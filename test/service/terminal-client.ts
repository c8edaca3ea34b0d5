/** A client of leg 1 in a test, in either dialect. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { CLIENT_SUBPROTOCOL, toClient, type FromClient, type ToClient } from '../../protocol/wire/control.ts';
import type { Backend } from './backend.ts';
import type { Person } from './people.ts';
import { bytesOf, talk, type Closed, type Talk } from './talk.ts';

export type ClientTalk = Talk<ToClient, FromClient>;
export type Attach = Extract<FromClient, { type: 'attach' }>;
export type Attached = Extract<ToClient, { type: 'attached' }>;

export async function connectTerminal(
  backend: Pick<Backend, 'url'>,
  person: Pick<Person, 'token'>,
  agentId: string,
): Promise<ClientTalk> {
  const url = `${backend.url.replace('http', 'ws')}/api/terminal/${agentId}/ws`;
  return talk<ToClient, FromClient>(url, [CLIENT_SUBPROTOCOL], toClient, {
    headers: { authorization: `Bearer ${person.token}`, 'user-agent': 'webxterm-desktop/0.0.0 (linux)' },
  });
}

/** Asks for a new session, and gives its id. */
export async function openTerminal(client: ClientTalk, change: object = {}): Promise<string> {
  client.say({ type: 'open', open_id: randomUUID(), cols: 80, rows: 24, ...change });
  return (await client.next('opened')).session_id;
}

export function attachMessage(sessionId: string, change: Partial<Attach> = {}): Attach {
  return {
    type: 'attach',
    n: 1,
    session_id: sessionId,
    client: 'client-of-the-test',
    mode: 'control',
    want: null,
    consumed: null,
    window: 256 * 1024,
    cols: 80,
    rows: 24,
    ...change,
  };
}

export async function attachTerminal(
  client: ClientTalk,
  sessionId: string,
  change: Partial<Attach> = {},
): Promise<Attached> {
  client.say(attachMessage(sessionId, change));
  return client.next('attached');
}

export function type(client: ClientTalk, text: string, offset = 0): void {
  client.send({ kind: 'input', channel: 0, offset, typedAt: 0, payload: new TextEncoder().encode(text) });
}

/** The output so far, from an offset on; throws when a byte is missing or came twice. */
export function drawn(client: ClientTalk, from = 0): Buffer {
  const parts: Uint8Array[] = [];
  let next = from;
  for (const frame of client.frames) {
    if (frame.kind !== 'output') continue;
    if (frame.offset !== next) throw new Error(`output goes on at ${frame.offset}, not at ${next}`);
    parts.push(frame.payload);
    next += frame.payload.length;
  }
  return Buffer.concat(parts);
}

export interface PlainTalk extends AsyncDisposable {
  readonly socket: WebSocket;
  /** Everything it was sent, as one text. */
  readonly text: string;
  readonly messages: readonly string[];
  readonly closed: Promise<Closed>;
  say(text: string): void;
}
/** As any WebSocket client would: no subprotocol, everything in the URL. */
export async function connectPlain(
  backend: Pick<Backend, 'url'>,
  agentId: string,
  query: Readonly<Record<string, string>>,
): Promise<PlainTalk> {
  const url = `${backend.url.replace('http', 'ws')}/api/terminal/${agentId}/ws?${new URLSearchParams(query).toString()}`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const messages: string[] = [];
  const closed = new Promise<Closed>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('message', (data, isBinary) => {
    if (isBinary) throw new Error('a plain client was sent a binary message');
    messages.push(bytesOf(data).toString());
  });
  await once(socket, 'open');
  return {
    socket,
    get text() {
      return messages.join('');
    },
    messages,
    closed,
    say: (text) => socket.send(text),
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}
