/** A client of the plain dialect: one terminal as text, for any WebSocket. To the hub it is a client like any other. */
import type { WebSocket } from 'ws';
import { MAX_MESSAGE, type ToClient } from '../../../protocol/wire/control.ts';
import { decode, encode, type Output } from '../../../protocol/wire/frame.ts';
import type { Connection } from './broker.ts';
import { faultCode } from './fault-code.ts';
import { readInOrder } from './inbox.ts';
import { openSession, type OpeningParts } from './opening.ts';
import { createPlainInput } from './plain-input.ts';
import { readPlain } from './plain-message.ts';
import { CLOSE } from './refusals.ts';

export interface PlainParts extends OpeningParts {
  /** To be rejoined; null: a new one is opened. */
  readonly sessionId: string | null;
  readonly cols: number;
  readonly rows: number;
  /** How long its session lives without it. */
  readonly lingerS: number;
  readonly monotonic: () => number;
  readonly failed: (error: unknown) => void;
}

const WINDOW = 128 * 1024;
const ACK_EVERY = WINDOW / 4;

export function servePlain(socket: WebSocket, parts: PlainParts): void {
  const { hub, monotonic } = parts;
  const client = parts.newUuid();
  const input = createPlainInput();
  let decoder = textDecoder();
  let size = { cols: parts.cols, rows: parts.rows };
  let sessionId = parts.sessionId;
  let attaches = 0;
  let attachedAt = 0;
  /** The next byte wanted; null before the first. */
  let next: number | null = null;
  /** What left the socket's queue, and what of that was acked. */
  let consumed = 0;
  let acked = 0;

  const connection: Connection = hub.connect({
    tell,
    frame,
    close: (code, reason) => socket.close(code, reason),
  });
  socket.on('close', () => hub.disconnected(connection));
  readInOrder(socket, receive, fail);
  void start().catch(fail);

  async function start(): Promise<void> {
    if (sessionId !== null) return attach();
    const opening = await openSession(connection, { open_id: client, ...size }, parts.lingerS, parts);
    if (opening.is === 'refused') socket.close(CLOSE.failed, opening.code);
  }

  /** The first one is a person's act and takes control; to come back after a cut is none. */
  function attach(): void {
    if (sessionId === null) return;
    attaches += 1;
    const credit = { want: next, consumed: next === null ? null : consumed, window: WINDOW };
    const take = attaches === 1;
    hub.attach(
      connection,
      { type: 'attach', n: attaches, session_id: sessionId, client, mode: 'control', take, ...credit, ...size },
      true,
    );
  }

  function tell(message: ToClient): void {
    switch (message.type) {
      case 'opened':
        sessionId = message.session_id;
        return attach();
      case 'attached':
        return attached(message);
      case 'detached':
        return detached(message);
      case 'exit':
        say(decoder.decode());
        hub.receive(connection, { type: 'close' });
        return socket.close(CLOSE.done, message.reason);
      case 'error':
        return socket.close(CLOSE.failed, message.code);
      case 'waiting':
      case 'moved':
      case 'resized':
      case 'probed':
        return undefined;
    }
  }

  function attached(message: Extract<ToClient, { type: 'attached' }>): void {
    if (message.mode === 'view') return socket.close(CLOSE.taken, 'taken');
    attachedAt = monotonic();
    if (message.output_offset !== next) {
      decoder = textDecoder();
      const gap = message.truncated > 0 ? `\r\n[${message.truncated} bytes of output are gone]\r\n` : '';
      say(gap + message.modes);
      consumed = message.output_offset;
    }
    next = message.output_offset;
    ack();
    input.attached(message.input_offset, monotonic());
    sendInput();
  }

  function detached({ reason, code }: Extract<ToClient, { type: 'detached' }>): void {
    input.detached();
    if (reason === 'taken') return socket.close(CLOSE.taken, reason);
    return reason === 'fault' ? socket.close(CLOSE.failed, code ?? reason) : attach();
  }

  function say(text: string): void {
    if (text !== '') socket.send(text);
  }

  function frame(bytes: Uint8Array): void {
    const decoded = decode(bytes);
    if (!decoded.ok) return fail(decoded.code);
    if (decoded.frame.kind === 'input-ack') {
      input.acked(decoded.frame.offset);
      return sendInput();
    }
    if (decoded.frame.kind === 'output') output(decoded.frame);
  }

  function output({ offset, payload }: Output): void {
    if (offset !== next) return attach(); // a gap: ask again from where we are
    const end = offset + payload.length;
    next = end;
    const left = (): void => {
      consumed = Math.max(consumed, end);
      if (consumed - acked >= ACK_EVERY) ack();
    };
    const text = decoder.decode(payload, { stream: true });
    if (text !== '') socket.send(text, left); // else the rest of the code point will tell
  }

  function ack(): void {
    acked = consumed;
    hub.receiveFrame(connection, encode({ kind: 'output-ack', channel: 0, offset: consumed, window: WINDOW }));
  }

  function sendInput(): void {
    for (let part = input.next(); part; part = input.next()) {
      const typedAt = Math.floor((monotonic() - attachedAt) / 100) % 2 ** 24;
      hub.receiveFrame(connection, encode({ kind: 'input', channel: 0, typedAt, ...part }));
    }
    if (input.isFull) socket.pause();
    else socket.resume();
  }

  function receive(data: Buffer, isBinary: boolean): void {
    if (data.length > MAX_MESSAGE) return socket.close(CLOSE.badInput, 'too-large');
    // Binary messages are not of this dialect, but emulators send mouse reports so: they were typed too.
    const message = isBinary ? ({ is: 'typed', text: data } as const) : readPlain(data.toString());
    switch (message.is) {
      case 'nothing':
        return;
      case 'resized':
        size = { cols: message.cols, rows: message.rows };
        return hub.receive(connection, { type: 'resize', ...size });
      case 'typed':
        input.typed(Buffer.from(message.text), monotonic());
        return sendInput();
    }
  }

  function fail(error: unknown): void {
    parts.failed(error);
    socket.close(CLOSE.failed, faultCode(error));
  }
}

/** A byte order mark is output like any other. */
function textDecoder() {
  return new TextDecoder('utf-8', { ignoreBOM: true });
}
