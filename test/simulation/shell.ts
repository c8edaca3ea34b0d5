/** A virtual shell in a virtual PTY: what it ever wrote is known to the byte, and so is what it read. */
import type { Moment } from '../../protocol/wire/moment.ts';
import type { World } from './world.ts';

export type Marker =
  | { readonly is: 'query'; readonly number: number }
  | { readonly is: 'mode'; readonly mode: Mode; readonly on: boolean };
export type Mode = 'alternate' | 'paste';
/** A sequence in the output: it begins at `from` and its last byte is before `to`. */
export type Marked = Marker & { readonly from: number; readonly to: number };

const SEQUENCES = { alternate: '1049', paste: '2004' } as const;
const MIB = 1024 * 1024;
/** Its length is prime, so that a byte in a wrong place is a wrong byte. */
const TEXT = Buffer.from(
  Uint8Array.from({ length: 1_048_573 }, (_, index) => 33 + ((index * 7919 + (index >> 7) * 31) % 93)),
);
const MOST_READ = 64 * 1024;

export interface Shell {
  readonly session: string;
  /** All it ever wrote that was read from the PTY. */
  readonly written: Buffer;
  readonly length: number;
  readonly markers: readonly Marked[];
  readonly size: { readonly cols: number; readonly rows: number };
  /** Output that nobody read yet. */
  readonly waiting: number;
  readonly isDying: boolean;
  readonly hasExited: boolean;
  readonly isGone: boolean;
  /** Since when it waits for somebody to read; null: it does not. */
  readonly blockedSince: number | null;
  print(bytes: number, marker?: Marker): void;
  exit(code: number): void;
  /** How long it just read no input, though it might have. */
  readonly sleptMs: number;
  /** Reads no input for a while. */
  sleep(ms: number): void;
  modesAt(offset: number): ReadonlySet<Mode>;

  /** The agent's side. */
  read(on: boolean): void;
  write(bytes: Uint8Array): number;
  resize(cols: number, rows: number): void;
  kill(): void;
}
export interface ShellEvents {
  output(bytes: Uint8Array, now: Moment): void;
  writable(): void;
  exited(code: number): void;
  /** It read these bytes. */
  typed(bytes: Uint8Array): void;
}
export interface ShellStart {
  readonly session: string;
  readonly cols: number;
  readonly rows: number;
  readonly bytesPerMs: number;
  /** Its end is told before its last output. */
  readonly endsEarly: boolean;
}

export function startShell(world: World, start: ShellStart, events: ShellEvents): Shell {
  let written: Buffer = Buffer.alloc(64 * 1024);
  let length = 0;
  /** What it wrote into the PTY and was not read: plain bytes, and sequences at their places. */
  let printed = 0;
  const markers: Marked[] = [];
  let isReading = true;
  let isBusy = false;
  let isSleeping = false;
  let sleptMs = 0;
  let dying: number | null = null;
  let hasExited = false;
  let isGone = false;
  let blockedSince: number | null = null;
  let size = { cols: start.cols, rows: start.rows };

  const fill = (from: number, to: number): void => {
    if (to > written.length) {
      const grown = Buffer.alloc(Math.max(to, written.length * 2));
      written.copy(grown, 0, 0, length);
      written = grown;
    }
    for (let at = from; at < to;) {
      const place = at % TEXT.length;
      const part = Math.min(to - at, TEXT.length - place);
      TEXT.copy(written, at, place, place + part);
      at += part;
    }
    for (const marker of markers)
      if (marker.to > from && marker.from < to) written.write(sequenceOf(marker), marker.from, 'latin1');
  };
  const pump = (): void => {
    if (isBusy || isGone || hasExited) return;
    const waiting = printed - length;
    if (waiting === 0) {
      blockedSince = null;
      if (dying !== null) finish(dying);
      return;
    }
    if (!isReading) {
      blockedSince ??= world.now;
      return;
    }
    blockedSince = null;
    isBusy = true;
    const count = Math.min(waiting, MOST_READ);
    world.after(count / start.bytesPerMs, () => {
      isBusy = false;
      if (isGone) return;
      const from = length;
      // a sequence is not read in two parts here: the next read would overwrite its first
      const to = markers.find((marker) => marker.from < from + count && marker.to > from + count)?.to ?? from + count;
      fill(from, to);
      length = to;
      events.output(written.subarray(from, to), { monotonic: world.now, wall: world.now });
      pump();
    });
  };
  const finish = (code: number): void => {
    hasExited = true;
    world.log(`shell of ${start.session} exits at ${length}`);
    if (!start.endsEarly) events.exited(code);
  };
  return {
    session: start.session,
    get written() {
      return written;
    },
    get length() {
      return length;
    },
    markers,
    get size() {
      return size;
    },
    get waiting() {
      return printed - length;
    },
    get isDying() {
      return dying !== null;
    },
    get hasExited() {
      return hasExited;
    },
    get isGone() {
      return isGone;
    },
    get blockedSince() {
      return blockedSince;
    },
    print(bytes, marker) {
      if (dying !== null || isGone || printed + bytes > 64 * MIB) return;
      if (marker) {
        const from = printed + 1;
        const to = from + sequenceOf({ ...marker, from: 0, to: 0 }).length;
        markers.push({ ...marker, from, to });
        printed = to;
      }
      printed += bytes;
      pump();
    },
    exit(code) {
      if (start.endsEarly && dying === null && !isGone) events.exited(code);
      dying ??= code;
      pump();
    },
    get sleptMs() {
      return sleptMs;
    },
    sleep(ms) {
      isSleeping = true;
      sleptMs += ms;
      world.after(ms, () => {
        isSleeping = false;
        if (!isGone) events.writable();
      });
      world.after(ms + 10_000, () => {
        sleptMs -= ms;
      });
    },
    modesAt: (offset) => modesOf(markers.filter((marker) => marker.to <= offset)),
    read(on) {
      isReading = on;
      world.after(0, pump);
    },
    write(bytes) {
      if (isSleeping || hasExited || isGone) return 0;
      // now and then the PTY has room for a part only
      const count = world.random() < 0.1 ? Math.ceil(bytes.length / 2) : bytes.length;
      if (count < bytes.length) world.after(3, () => isGone || isSleeping || events.writable());
      events.typed(bytes.subarray(0, count));
      // it echoes what it reads
      if (dying === null) printed += count;
      pump();
      return count;
    },
    resize(cols, rows) {
      size = { cols, rows };
    },
    kill() {
      isGone = true;
    },
  };
}

function sequenceOf(marker: Marked): string {
  return marker.is === 'query' ? '\u001b[c' : `\u001b[?${SEQUENCES[marker.mode]}${marker.on ? 'h' : 'l'}`;
}

export function modesOf(markers: readonly Marked[]): ReadonlySet<Mode> {
  const modes = new Set<Mode>();
  for (const marker of markers) {
    if (marker.is !== 'mode') continue;
    if (marker.on) modes.add(marker.mode);
    else modes.delete(marker.mode);
  }
  return modes;
}

/** What of the modes a restatement of them sets. */
export function restatedModes(sequences: string): ReadonlySet<Mode> {
  const modes = new Set<Mode>();
  if (sequences.includes('\u001b[?1049h')) modes.add('alternate');
  if (sequences.includes('\u001b[?2004h')) modes.add('paste');
  return modes;
}
