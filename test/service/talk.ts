/** One end of a socket in a test: what came is kept until it is asked for, by type, in order. */
import { once } from 'node:events';
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import type { z } from 'zod';
import { decode, encode, type Frame } from '../../protocol/wire/frame.ts';

interface Typed {
  readonly type: string;
}
export interface Closed {
  readonly code: number;
  readonly reason: string;
}
export interface Talk<Heard extends Typed, Said> extends AsyncDisposable {
  readonly socket: WebSocket;
  /** Everything heard so far, asked for or not. */
  readonly heard: readonly Heard[];
  readonly frames: readonly Frame[];
  readonly closed: Promise<Closed>;
  say(message: Said): void;
  send(frame: Frame): void;
  /** The next message of this type that was not asked for yet. Messages of other types stay. */
  next<T extends Heard['type']>(type: T): Promise<Extract<Heard, { type: T }>>;
  nextFrame<K extends Frame['kind']>(kind: K): Promise<Extract<Frame, { kind: K }>>;
  /** From now on told of everything as it comes, beside being kept. */
  onMessage(hear: (message: Heard) => void): void;
  onFrame(hear: (frame: Frame) => void): void;
}

/** What takes longer than this does not come. */
const PATIENCE_MS = 10_000;

/** The opened socket. Rejects with the status when it is refused before the upgrade. */
export async function talk<Heard extends Typed, Said>(
  url: string,
  subprotocols: readonly string[],
  schema: z.ZodType<Heard>,
  options: ClientOptions = {},
): Promise<Talk<Heard, Said>> {
  const socket = new WebSocket(url, [...subprotocols], { perMessageDeflate: false, ...options });
  const carried = talkOver<Heard, Said>(socket, schema);
  await opened(socket);
  return carried;
}

/** The same on a socket that is there already; nothing it brings is missed from now on. */
export function talkOver<Heard extends Typed, Said>(socket: WebSocket, schema: z.ZodType<Heard>): Talk<Heard, Said> {
  const messages = createMailbox<Heard>();
  const frames = createMailbox<Frame>();
  const closed = new Promise<Closed>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  socket.on('message', (data, isBinary) => {
    const bytes = bytesOf(data);
    if (!isBinary) return messages.put(schema.parse(JSON.parse(bytes.toString())));
    const decoded = decode(bytes);
    if (!decoded.ok) throw new Error(`a frame that breaks the rules was received: ${decoded.code}`);
    frames.put(decoded.frame);
  });
  return {
    socket,
    heard: messages.all,
    frames: frames.all,
    closed,
    say: (message) => socket.send(JSON.stringify(message)),
    send: (frame) => socket.send(encode(frame)),
    next: async <T extends Heard['type']>(type: T) =>
      messages.take(type, (message): message is Extract<Heard, { type: T }> => message.type === type),
    nextFrame: async <K extends Frame['kind']>(kind: K) =>
      frames.take(kind, (frame): frame is Extract<Frame, { kind: K }> => frame.kind === kind),
    onMessage: messages.listen,
    onFrame: frames.listen,
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await closed;
    },
  };
}

export function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/** A socket that was refused before the upgrade. */
export class Refused extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`refused with ${status}: ${body}`);
    this.status = status;
    this.body = body;
  }
}

async function opened(socket: WebSocket): Promise<void> {
  const refused = new Promise<never>((_resolve, reject) => {
    socket.on('unexpected-response', (request, response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        request.destroy();
        reject(new Refused(response.statusCode ?? 0, Buffer.concat(parts).toString()));
      });
    });
  });
  await Promise.race([once(socket, 'open'), refused]);
  socket.on('error', () => undefined); // its end is told by `closed`
}

function createMailbox<T>() {
  const all: T[] = [];
  const waiting: T[] = [];
  const wakers = new Set<() => void>();
  const listeners: ((item: T) => void)[] = [];
  return {
    all,
    listen: (hear: (item: T) => void): void => void listeners.push(hear),
    put(item: T): void {
      all.push(item);
      waiting.push(item);
      for (const hear of listeners) hear(item);
      for (const wake of wakers) wake();
    },
    async take<U extends T>(what: string, is: (item: T) => item is U): Promise<U> {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const found = waiting.find(is);
        if (found !== undefined) {
          waiting.splice(waiting.indexOf(found), 1);
          return found;
        }
        await news(wakers, deadline, `${what}; got ${JSON.stringify(waiting).slice(0, 500)}`);
      }
    },
  };
}

async function news(wakers: Set<() => void>, deadline: number, what: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const wake = (): void => {
      clearTimeout(timer);
      wakers.delete(wake);
      resolve();
    };
    const timer = setTimeout(() => {
      wakers.delete(wake);
      reject(new Error(`did not come: ${what}`));
    }, deadline - Date.now());
    wakers.add(wake);
  });
}
