/**
 * Whose output goes next on the one socket. Small output first, then the channels in turn, never more under way than the link
 * carries: one flood does not delay another session's echo. Control messages do not come here, they go at once.
 */
import { createPace, type Pace } from './pace.ts';
import { dueAt } from './sessions/gathering.ts';

const LARGE_FRAME = 64 * 1024;
/** When several wait. */
const SHARED_FRAME = 16 * 1024;
/** An echo, a prompt. */
const SMALL = 1024;
/** So much of what is small may go beyond the bound: waiting for a pong would only delay it more. */
const SMALL_BEYOND = 16 * 1024;
/** Room for less than this is not worth a frame. */
const LEAST_FRAME = 8 * 1024;

export type Turn =
  | { readonly do: 'frame'; readonly channel: number; readonly bytes: number }
  | { readonly do: 'ping'; readonly id: number };

export interface Sender {
  /** A new socket: nothing waits, nothing is under way. */
  reset(now: number): void;
  /** So many bytes of a channel may go now; what was offered before is part of it. */
  offer(channel: number, bytes: number, now: number): void;
  withdraw(channel: number): void;
  /** What goes now; null: nothing, until the deadline, an offer or a pong. */
  next(now: number): Turn | null;
  /** A frame of a channel went, of so many bytes in all. Its rest is offered again. */
  sent(channel: number, frameBytes: number, now: number): void;
  pong(id: number, now: number): void;
  /** When gathered output is due; Infinity: nothing gathers. */
  readonly deadline: number;
}

interface Queued {
  readonly channel: number;
  bytes: number;
  /** When it may go at the latest. */
  due: number;
  lastSent: number;
}

export function createSender(): Sender {
  let pace: Pace = createPace(0);
  /** In the order of their turns. */
  const queue = new Map<number, Queued>();
  let deadline = Number.POSITIVE_INFINITY;

  const readyAt = (now: number): Queued[] => {
    const ready: Queued[] = [];
    deadline = Number.POSITIVE_INFINITY;
    for (const queued of queue.values()) {
      if (queued.bytes === 0) continue;
      if (queued.due <= now) ready.push(queued);
      else deadline = Math.min(deadline, queued.due);
    }
    return ready;
  };
  const frame = ({ channel }: Queued, bytes: number): Turn => ({ do: 'frame', channel, bytes });
  const bulk = (ready: readonly Queued[], now: number): Turn | null => {
    const [first] = ready;
    if (first === undefined) return null;
    const most = Math.min(first.bytes, ready.length > 1 ? SHARED_FRAME : LARGE_FRAME);
    if (pace.room >= Math.min(most, LEAST_FRAME)) return frame(first, Math.min(most, pace.room));
    return pace.pingDue(true) ? { do: 'ping', id: pace.ping(now) } : null;
  };
  return {
    reset(now) {
      queue.clear();
      pace = createPace(now);
      deadline = Number.POSITIVE_INFINITY;
    },
    offer(channel, bytes, now) {
      const queued = queue.get(channel) ?? { channel, bytes: 0, due: 0, lastSent: Number.NEGATIVE_INFINITY };
      const due = dueAt({ bytes, since: now, lastSent: queued.lastSent });
      queued.due = queued.bytes === 0 ? due : Math.min(queued.due, due);
      queued.bytes = bytes;
      queue.set(channel, queued);
    },
    withdraw(channel) {
      queue.delete(channel);
    },
    next(now) {
      if (pace.pingDue(false)) return { do: 'ping', id: pace.ping(now) };
      const ready = readyAt(now);
      const small = ready.find(({ bytes }) => bytes <= SMALL);
      if (small !== undefined && pace.room > -SMALL_BEYOND) return frame(small, small.bytes);
      return bulk(
        ready.filter(({ bytes }) => bytes > SMALL),
        now,
      );
    },
    sent(channel, frameBytes, now) {
      pace.sent(frameBytes);
      const queued = queue.get(channel);
      if (queued === undefined) return;
      queue.delete(channel);
      queue.set(channel, queued);
      queued.lastSent = now;
      // a rest that makes a frame of its own goes in its turn, less is gathered again
      queued.due = queued.bytes >= SHARED_FRAME ? now : dueAt({ bytes: queued.bytes, since: now, lastSent: now });
    },
    pong(id, now) {
      pace.pong(id, now);
    },
    get deadline() {
      return deadline;
    },
  };
}
