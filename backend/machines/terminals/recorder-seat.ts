/** The recorder's place among those that are attached to a session: what it is told, and how far it lets the producer go. */
import { NO_LIMIT } from '../../../protocol/wire/control.ts';
import type { Grant } from '../../../protocol/wire/credit.ts';
import { RECORDER_WINDOW, type Told } from '../recordings/recording.ts';

interface Size {
  readonly cols: number;
  readonly rows: number;
}
export interface RecorderSeat {
  readonly isTaken: boolean;
  /** Null: it holds nobody. */
  readonly grant: Grant | null;
  readonly window: number;
  /** From the byte on that its recording lacks. */
  take(from: number): void;
  granted(grant: Grant | null): void;
  /** A main channel begins: `seen` is the next byte it lacks, `oldest` the first that can still be had. */
  attached(at: { readonly seen: number; readonly oldest: number }, size: Size): void;
  output(offset: number, bytes: Uint8Array): void;
  resized(size: Size): void;
  /** Nothing comes any more; null: nobody knows where the output ended. */
  ended(outputOffset: number | null): void;
}

export function createRecorderSeat(record: (what: Told) => void): RecorderSeat {
  let isTaken = false;
  let grant: Grant | null = null;
  const tell = (what: Told): void => {
    if (isTaken) record(what);
  };
  const resized = ({ cols, rows }: Size): void => tell({ is: 'resized', cols, rows });
  return {
    get isTaken() {
      return isTaken;
    },
    get grant() {
      return grant;
    },
    get window() {
      return grant?.window ?? NO_LIMIT;
    },
    take(from) {
      isTaken = true;
      grant = { consumed: from, window: RECORDER_WINDOW };
    },
    granted(given) {
      if (isTaken) grant = given;
    },
    attached({ seen, oldest }, size) {
      resized(size);
      // What it lacks and nobody has any more cannot be waited for: its credit counts from what there is.
      if (grant && seen < oldest) grant = { ...grant, consumed: Math.max(grant.consumed, oldest) };
    },
    output: (offset, bytes) => tell({ is: 'output', offset, bytes }),
    resized,
    ended(offset) {
      tell({ is: 'ended', offset });
      isTaken = false;
      grant = null;
    },
  };
}
