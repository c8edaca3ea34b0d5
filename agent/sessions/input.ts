/** A session's input: what each client typed, in order, once, never late, and how much of it the PTY has taken. */
import type { Input } from '../../protocol/wire/frame.ts';
import { age, type Moment } from '../../protocol/wire/moment.ts';

/** So much may be under way to the PTY and not be taken by it. */
export const INPUT_WINDOW = 64 * 1024;
const LATE_MS = 5000;
const TYPED_AT_MODULO = 2 ** 24;
const TYPED_AT_UNIT_MS = 100;
const CLIENTS = 16;
const ACK_AFTER_BYTES = 8 * 1024;
const ACK_AFTER_MS = 1000;

export type InputFault = 'late' | 'input-gap' | 'input-window';

export interface SessionInput {
  /** A client takes control. What was not written yet is dropped, so what it gives is final: how much was taken of this client. */
  attach(client: string, now: Moment): number;
  /** Takes a frame of the client in control. */
  receive(frame: Input, now: Moment): InputFault | null;
  /** What to write next; null while nothing waits, or the PTY takes nothing. */
  next(): Uint8Array | null;
  wrote(count: number, now: Moment): void;
  writable(): void;
  /** Nothing is written any more. */
  end(): void;
  /** Of the client in control: bytes that came, and bytes that the PTY took. */
  readonly received: number;
  readonly taken: number;
  /** When the next ack is due, by the monotonic clock. */
  readonly ackDue: number;
  acked(): void;
}

interface Stream {
  received: number;
  taken: number;
  acked: number;
}

export function createInput(): SessionInput {
  const streams = new Map<string, Stream>();
  let stream: Stream = { received: 0, taken: 0, acked: 0 };
  let attachedAt: Moment = { monotonic: 0, wall: 0 };
  let waiting: Uint8Array[] = [];
  let full = false;
  let ended = false;
  let ackDue = Number.POSITIVE_INFINITY;

  const drop = (): void => {
    waiting = [];
    stream.received = stream.taken;
  };
  return {
    attach(client, now) {
      drop();
      stream = streams.get(client) ?? { received: 0, taken: 0, acked: 0 };
      remember(streams, client, stream);
      attachedAt = now;
      ackDue = Number.POSITIVE_INFINITY;
      stream.acked = stream.taken;
      return stream.taken;
    },
    receive(frame, now) {
      if (frame.offset > stream.received) return 'input-gap';
      const fresh = frame.payload.subarray(stream.received - frame.offset);
      if (fresh.length === 0) return null;
      if (isLate(frame.typedAt, age(attachedAt, now))) return 'late';
      if (stream.received + fresh.length - stream.taken > INPUT_WINDOW) return 'input-window';
      stream.received += fresh.length;
      if (!ended) waiting.push(fresh);
      return null;
    },
    next: () => (full ? null : (waiting[0] ?? null)),
    wrote(count, now) {
      const [first] = waiting;
      if (first === undefined) return;
      stream.taken += count;
      full = count < first.length;
      if (full) waiting[0] = first.subarray(count);
      else waiting.shift();
      const enough = stream.taken - stream.acked >= ACK_AFTER_BYTES;
      if (count > 0) ackDue = Math.min(ackDue, enough ? now.monotonic : now.monotonic + ACK_AFTER_MS);
    },
    writable() {
      full = false;
    },
    end() {
      ended = true;
      waiting = [];
    },
    get received() {
      return stream.received;
    },
    get taken() {
      return stream.taken;
    },
    get ackDue() {
      return ackDue;
    },
    acked() {
      stream.acked = stream.taken;
      ackDue = Number.POSITIVE_INFINITY;
    },
  };
}

/** The client that came last is forgotten last. */
function remember(streams: Map<string, Stream>, client: string, stream: Stream): void {
  streams.delete(client);
  streams.set(client, stream);
  for (const oldest of streams.keys()) if (streams.size > CLIENTS) streams.delete(oldest);
}

/** Typed too long before now, or so far after it that the two clocks have nothing in common any more. */
function isLate(typedAt: number, elapsedMs: number): boolean {
  if (!Number.isFinite(elapsedMs)) return true;
  const behind = elapsedMs / TYPED_AT_UNIT_MS - typedAt;
  const nearest = behind - TYPED_AT_MODULO * Math.round(behind / TYPED_AT_MODULO);
  return Math.abs(nearest) * TYPED_AT_UNIT_MS > LATE_MS;
}
