/**
 * The window a terminal grants: large enough that the link is never idle, small enough that Ctrl-C acts at once under a flood.
 * It follows the rate at which output is drawn, while output is what the terminal is busy with.
 */
import { bytesOut } from '../../../protocol/wire/credit.ts';

const KIB = 1024;
const FIRST = 256 * KIB;
const BOUNDS = { least: 64 * KIB, most: 1024 * KIB };
/** The rate is that of so long, or of two round trips where that is more. */
const SPAN_MS = 100;
/** Less says nothing of a rate. */
const LEAST_SPAN_MS = 20;

export interface CreditWindow {
  readonly bytes: number;
  /** Measured from the agent and back; the least counts. */
  roundTrip(ms: number): void;
  /** All below `consumed` is drawn, all below `received` has come. */
  drawn(at: { readonly consumed: number; readonly received: number; readonly now: number }): void;
  /** A new attachment: what was measured before says nothing of it. */
  restart(): void;
}

interface Mark {
  readonly now: number;
  readonly consumed: number;
}

export function createWindow(): CreditWindow {
  let bytes = FIRST;
  let least = Number.POSITIVE_INFINITY;
  let marks: Mark[] = [];

  const measure = (now: number, consumed: number): number | null => {
    marks.push({ now, consumed });
    const span = Math.max(SPAN_MS, 2 * least);
    const from = marks.findLastIndex((mark) => mark.now <= now - span);
    if (from > 0) marks = marks.slice(from);
    const [first] = marks;
    if (first === undefined || now - first.now < LEAST_SPAN_MS) return null;
    return (consumed - first.consumed) / (now - first.now);
  };
  return {
    get bytes() {
      return bytes;
    },
    roundTrip(ms) {
      least = Math.min(least, ms);
    },
    drawn({ consumed, received, now }) {
      if (!Number.isFinite(least)) return;
      const bytesPerMs = measure(now, consumed);
      if (bytesPerMs === null) return;
      const wanted = bytesOut({ bytesPerMs, leastRoundTripMs: least }, BOUNDS);
      // a prompt now and then must not shrink it: it counts when much of it is used, or waits to be drawn
      if (wanted > bytes / 2 || received - consumed > bytes / 4) bytes = wanted;
    },
    restart() {
      least = Number.POSITIVE_INFINITY;
      marks = [];
    },
  };
}
