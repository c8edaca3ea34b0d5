/** Tells the session its size: not each step of a drag, and only what differs from what it has. */
import type { Timer } from './acks.ts';
import type { Size } from './screen.ts';

const SETTLE_MS = 40;
/** Long enough that a program sees both sizes of a nudge. */
const NUDGE_MS = 150;

export interface SizeReport {
  /** The session has this size; from now on changes are told. */
  known(size: Size): void;
  /** Nobody can be told now. */
  unknown(): void;
  /** The screen has another size. */
  changed(): void;
  /** One row off and back: a full-screen program draws itself again. */
  nudge(): void;
}

interface SizeReportParts {
  readonly size: () => Size;
  readonly send: (size: Size) => void;
  readonly after: Timer;
}

export function createSizeReport({ size, send, after }: SizeReportParts): SizeReport {
  let has: Size | null = null;
  let cancel: (() => void) | null = null;

  const tell = (wanted: Size): void => {
    has = wanted;
    send(wanted);
  };
  const settle = (): void => {
    cancel = null;
    const wanted = size();
    if (has !== null && (has.cols !== wanted.cols || has.rows !== wanted.rows)) tell(wanted);
  };
  const settleIn = (ms: number): void => {
    cancel?.();
    cancel = after(ms, settle);
  };

  return {
    changed: () => settleIn(SETTLE_MS),
    known(given) {
      has = given;
      settleIn(SETTLE_MS);
    },
    unknown() {
      has = null;
      cancel?.();
      cancel = null;
    },
    nudge() {
      if (has === null) return;
      const { cols, rows } = size();
      tell({ cols, rows: rows > 1 ? rows - 1 : rows + 1 });
      settleIn(NUDGE_MS);
    },
  };
}
