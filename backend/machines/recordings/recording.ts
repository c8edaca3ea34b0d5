/**
 * The recording of one session, as a pure machine: what waits for the disk, what is missing, and how far the producer may go.
 *
 *             nothing stored for 10 s           something stored
 *   holding ───────────────────────────> let go ──────────────────> holding, with the gap stated
 */
import type { Grant } from '../../../protocol/wire/credit.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import type { Gap, GapReason } from './gap.ts';
import type { Item, Page } from './page.ts';

/** How far ahead of what is stored the producer may be: so much that a flood is written in large pages and waits for none of them. */
export const RECORDER_WINDOW = 1024 * 1024;
/** Having stored nothing for so long, the recorder holds nobody any more: a full disk never freezes a shell. */
export const LET_GO_MS = 10_000;
/** Credit is stated anew after a part of the window. */
const WORTH_TELLING = RECORDER_WINDOW / 4;
/** What was under way when it let go comes though it holds again: beyond this it lets go at once. */
export const MOST_WAITING = 2 * RECORDER_WINDOW;
/** Of more than these the last one grows. */
const MOST_GAPS = 64;

interface Size {
  readonly cols: number;
  readonly rows: number;
}
/** What is told of a session to whoever records it, in the order in which it happened. */
export type Told =
  | ({ readonly is: 'opened' } & Size)
  | { readonly is: 'output'; readonly offset: number; readonly bytes: Uint8Array }
  | ({ readonly is: 'resized' } & Size)
  /** `offset`: one beyond the last byte there ever was; null: nobody knows. */
  | { readonly is: 'ended'; readonly offset: number | null };

export interface Recording {
  /** The next byte that it lacks. */
  readonly position: number;
  /** Everything below is stored, or stated as missing. */
  readonly stored: number;
  /** Something waits to be stored, and nothing is being stored. */
  readonly isWaiting: boolean;
  readonly waitingBytes: number;
  readonly gaps: readonly Gap[];
  /** The session is: nothing comes any more. */
  readonly isEnding: boolean;
  /** All that could be stored is. */
  readonly isOver: boolean;
  tell(what: Exclude<Told, { is: 'opened' }>, now: Moment): void;
  /** What to store next; null: nothing, or the last page is not stored yet. */
  next(): Page | null;
  wrote(now: Moment): void;
  /** The page could not be stored; it is tried again, unless the recording is over by that. */
  failed(reason: GapReason, now: Moment): void;
  /** Call `tick` when the monotonic clock has reached it; Infinity: nothing is due. */
  readonly deadline: number;
  tick(now: Moment): void;
}
export interface Begin {
  /** On the wall clock. */
  readonly startedAt: number;
  readonly now: Moment;
  /** What is on the disk already: null: nothing, it begins. */
  readonly found: { readonly end: number; readonly at: number; readonly gaps: readonly Gap[] } | null;
  readonly size: Size;
}
export interface RecordingPorts {
  /** How far the producer may go; null: as far as it likes. */
  granted(grant: Grant | null): void;
  letGo(reason: GapReason, atS: number): void;
}

export function createRecording({ startedAt, now: begun, found, size }: Begin, ports: RecordingPorts): Recording {
  let position = found?.end ?? 0;
  let stored = position;
  let queue: Item[] = [];
  let waitingBytes = 0;
  let writing: Page | null = null;
  /** When something was stored last, or began to wait. */
  let movedAt = begun.monotonic;
  let lastAt = found?.at ?? 0;
  let writtenAt = lastAt;
  let storedAt = lastAt;
  let gaps: readonly Gap[] = found?.gaps ?? [];
  let trouble: GapReason = 'disk-slow';
  /** Let go: from here on nothing is kept. */
  let lost: { readonly from: number; readonly at: number; readonly reason: GapReason } | null = null;
  let ending: { readonly offset: number | null } | null = null;
  let isOver = false;
  let told: Grant | null = { consumed: position, window: RECORDER_WINDOW };
  let known: Size | null = null;

  const pass = (now: Moment): number => {
    lastAt = Math.max(lastAt, Math.round(now.wall - startedAt));
    return lastAt;
  };
  const push = (item: Item, now: Moment): void => {
    if (queue.length === 0 && writing === null) movedAt = now.monotonic;
    queue.push(item);
  };
  const miss = (span: Pick<Gap, 'from' | 'to' | 'reason'>, fromAt: number, now: Moment): void => {
    if (span.to !== null && span.to <= span.from) return;
    const at = pass(now);
    push({ is: 'gap', at, gap: { ...span, from_s: fromAt / 1000, to_s: at / 1000 } }, now);
  };
  const grant = (): Grant | null => (lost || isOver ? null : { consumed: stored, window: RECORDER_WINDOW });
  const tellGrant = (): void => {
    const now = grant();
    if (now && told) {
      const isLittle = now.consumed - told.consumed < WORTH_TELLING;
      if (isLittle && position < told.consumed + RECORDER_WINDOW) return;
    } else if (now === told) return;
    told = now;
    ports.granted(now);
  };

  const output = (offset: number, bytes: Uint8Array, now: Moment): void => {
    const end = offset + bytes.length;
    if (end <= position) return;
    const fromAt = lastAt;
    const at = pass(now);
    if (!lost) {
      miss({ from: position, to: offset, reason: 'overwritten' }, fromAt, now);
      const fresh = offset < position ? bytes.subarray(position - offset) : bytes;
      push({ is: 'output', at, bytes: fresh }, now);
      waitingBytes += fresh.length;
    }
    position = end;
    if (waitingBytes > MOST_WAITING && writing) letGo();
  };
  const letGo = (): void => {
    lost = { from: writing?.end ?? stored, at: writtenAt, reason: trouble };
    queue = [];
    waitingBytes = 0;
    ports.letGo(trouble, writtenAt / 1000);
    tellGrant();
  };
  const resized = ({ cols, rows }: Size, now: Moment): void => {
    if (known?.cols === cols && known.rows === rows) return;
    known = { cols, rows };
    if (!lost) push({ is: 'resized', at: pass(now), cols, rows }, now);
  };
  const missRest = (from: number, reason: GapReason, fromAt: number, now: Moment): void => {
    const to = ending === null ? position : ending.offset;
    miss({ from, to: to === null ? null : Math.max(position, to), reason }, fromAt, now);
    if (ending) push({ is: 'end', at: pass(now) }, now);
  };
  const end = (offset: number | null, now: Moment): void => {
    ending = { offset };
    if (!lost) missRest(position, 'not-received', lastAt, now);
    position = Math.max(position, offset ?? 0);
  };
  const comeBack = (now: Moment): void => {
    if (!lost) return;
    const { from, at, reason } = lost;
    lost = null;
    missRest(from, reason, at, now);
    if (known && !ending) push({ is: 'resized', at: pass(now), ...known }, now);
  };
  /** It ends without the disk: what is missing is known here alone. */
  const giveUp = (reason: GapReason, now: Moment): void => {
    const before = gaps.filter(({ from }) => from < stored);
    const to = ending && ending.offset !== null ? position : null;
    gaps = withGap(before, { from: stored, to, from_s: storedAt / 1000, to_s: pass(now) / 1000, reason });
    isOver = true;
  };

  if (!found) {
    known = size;
    queue.push({ is: 'start', at: 0, startedAt, ...size });
  }
  return {
    get position() {
      return position;
    },
    get stored() {
      return stored;
    },
    get isWaiting() {
      return writing === null && queue.length > 0;
    },
    get waitingBytes() {
      return waitingBytes;
    },
    get gaps() {
      return gaps;
    },
    get isEnding() {
      return ending !== null;
    },
    get isOver() {
      return isOver;
    },
    tell(what, now) {
      if (ending) return;
      if (what.is === 'output') output(what.offset, what.bytes, now);
      else if (what.is === 'resized') resized(what, now);
      else end(what.offset, now);
    },
    next() {
      const last = queue.at(-1);
      if (writing || isOver || !last) return null;
      for (const item of queue) if (item.is === 'gap') gaps = withGap(gaps, item.gap);
      writing = { items: queue, at: last.at, end: position, gaps, isLast: last.is === 'end' };
      writtenAt = last.at;
      queue = [];
      waitingBytes = 0;
      return writing;
    },
    wrote(now) {
      if (!writing) return;
      stored = writing.end;
      storedAt = writtenAt;
      isOver = writing.isLast;
      writing = null;
      movedAt = now.monotonic;
      trouble = 'disk-slow';
      comeBack(now);
      tellGrant();
    },
    failed(reason, now) {
      trouble = reason;
      if (lost && ending) giveUp(lost.reason, now);
    },
    get deadline() {
      const isWaiting = writing !== null || queue.length > 0;
      return isWaiting && !lost ? movedAt + LET_GO_MS : Number.POSITIVE_INFINITY;
    },
    tick(now) {
      if (now.monotonic >= this.deadline) letGo();
    },
  };
}

function withGap(gaps: readonly Gap[], next: Gap): readonly Gap[] {
  const last = gaps.at(-1);
  const isOne = last?.to === next.from && last.reason === next.reason;
  if (!last || (!isOne && gaps.length < MOST_GAPS)) return [...gaps, next];
  return [...gaps.slice(0, -1), { ...last, to: next.to, to_s: next.to_s }];
}
