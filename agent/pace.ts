/**
 * How much may be under way on one socket: what the link carries in its shortest round trip and 50 ms more, so that a flood
 * fills no buffer on its way, the kernel's own included. Measured by pings, sent amid the data.
 */
import { bytesOut } from '../protocol/wire/credit.ts';

const LEAST = 32 * 1024;
const MOST = 4 * 1024 * 1024;
/** Measurements older than one to two of these are forgotten. */
const WINDOW_MS = 5000;

/** A ping on its way. */
interface Mark {
  readonly id: number;
  /** Bytes that went before it. */
  readonly total: number;
  readonly sentAt: number;
  /** The last mark that had come back when this one went. */
  readonly before: Arrived;
}
interface Arrived {
  readonly total: number;
  readonly sentAt: number;
  readonly arrivedAt: number;
}

export interface Pace {
  sent(bytes: number): void;
  /** How many bytes may still go; not positive: wait for a pong. */
  readonly room: number;
  /** So many bytes went since the last ping that another is due; `blocked`: nothing goes before a pong comes. */
  pingDue(blocked: boolean): boolean;
  ping(now: number): number;
  pong(id: number, now: number): void;
}

/** For one socket; times are monotonic milliseconds. */
export function createPace(openedAt: number): Pace {
  let arrived: Arrived = { total: 0, sentAt: openedAt, arrivedAt: openedAt };
  let marks: Mark[] = [];
  let nextId = 1;
  let total = 0;
  let pinged = 0;
  let bound = LEAST;
  const rate = createExtreme(Math.max, openedAt);
  const roundTrip = createExtreme(Math.min, openedAt);

  return {
    sent(bytes) {
      total += bytes;
    },
    get room() {
      return bound - (total - arrived.total);
    },
    pingDue: (blocked) => total > pinged && (blocked || total - pinged >= Math.max(LEAST, bound / 4)),
    ping(now) {
      const id = nextId;
      nextId += 1;
      pinged = total;
      marks.push({ id, total, sentAt: now, before: arrived });
      return id;
    },
    pong(id, now) {
      const mark = marks.find((each) => each.id === id);
      if (mark === undefined) return;
      marks = marks.filter((each) => each.id > id);
      const { before } = mark;
      const elapsed = Math.max(mark.sentAt - before.sentAt, now - before.arrivedAt, 0.1);
      arrived = { total: mark.total, sentAt: mark.sentAt, arrivedAt: now };
      bound = bytesOut(
        {
          bytesPerMs: rate.see((mark.total - before.total) / elapsed, now),
          leastRoundTripMs: roundTrip.see(now - mark.sentAt, now),
        },
        { least: LEAST, most: MOST },
      );
    },
  };
}

/** The largest or smallest of what was seen lately. */
function createExtreme(pick: (a: number, b: number) => number, startedAt: number) {
  let since = startedAt;
  let earlier: number | null = null;
  let current: number | null = null;
  return {
    see(value: number, now: number): number {
      if (now - since > WINDOW_MS) {
        earlier = now - since > 2 * WINDOW_MS ? null : current;
        current = null;
        since = now;
      }
      current = current === null ? value : pick(current, value);
      return earlier === null ? current : pick(earlier, current);
    },
  };
}
