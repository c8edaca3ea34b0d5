/**
 * How much may be under way on one socket: what the link carries in its shortest round trip and 50 ms more, so that a flood
 * fills no buffer on its way, the kernel's own included. Measured by pings, sent amid the data.
 */
import { bytesOut } from '../protocol/wire/credit.ts';

const LEAST = 32 * 1024;
const MOST = 4 * 1024 * 1024;
/** A rate that was measured one to two of these ago is forgotten. */
const WINDOW_MS = 5000;
/** A round trip longer than the least by less than this found no queue. */
const CALM_MS = 10;

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
  const rate = createHighest(openedAt);
  /** Of the whole life of the socket: a flood's own queue must not count as distance. */
  let leastRoundTripMs = Number.POSITIVE_INFINITY;

  return {
    sent(bytes) {
      total += bytes;
    },
    get room() {
      return bound - (total - arrived.total);
    },
    // the first goes before any data, when there is no queue yet
    pingDue: (blocked) => nextId === 1 || (total > pinged && (blocked || total - pinged >= Math.max(LEAST, bound / 4))),
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
      const roundTripMs = now - mark.sentAt;
      leastRoundTripMs = Math.min(leastRoundTripMs, roundTripMs);
      const bytesPerMs = rate.see((mark.total - before.total) / elapsed, now);
      // while no queue forms, the link may carry more than was tried: twice as much is tried next
      const growth = roundTripMs < leastRoundTripMs + CALM_MS ? 2 : 1;
      bound = bytesOut({ bytesPerMs: growth * bytesPerMs, leastRoundTripMs }, { least: LEAST, most: MOST });
    },
  };
}

/** The highest of what was seen lately. */
function createHighest(startedAt: number) {
  let since = startedAt;
  let earlier = 0;
  let current = 0;
  return {
    see(value: number, now: number): number {
      if (now - since > WINDOW_MS) {
        earlier = now - since > 2 * WINDOW_MS ? 0 : current;
        current = 0;
        since = now;
      }
      current = Math.max(current, value);
      return Math.max(earlier, current);
    },
  };
}
