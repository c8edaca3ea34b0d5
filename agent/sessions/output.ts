/** A session's output: kept in the ring, sent to whoever is attached as far as credit lasts, and read no further than that. */
import { Buffer } from 'node:buffer';
import type { FromAgent } from '../../protocol/wire/control.ts';
import { HEADER_BYTES, MAX_PAYLOAD, putHeader } from '../../protocol/wire/frame.ts';
import { type Channel, type Note, reached, sendable } from './channel.ts';
import { type Checkpoint, createCheckpoints } from './checkpoints.ts';
import { createHold } from './hold.ts';
import { createRing } from './ring.ts';

const MIB = 1024 * 1024;
export const RING_BYTES = 4 * MIB;
/** The PTY is read only while less than this is unsent. */
const MOST_UNSENT = 256 * 1024;
/** So much may still come though the PTY is left alone, because it was read already; it must not overwrite what is to be sent. */
const MOST_READ_AHEAD = 64 * 1024;
/** A viewer this far behind is moved on: it never holds the producer. */
const MOST_VIEW_LAG = MIB;

/** What the output does to the world. */
export interface OutputPorts {
  /** So many bytes of this channel may go now. */
  offer(channel: number, bytes: number): void;
  withdraw(channel: number): void;
  tell(message: FromAgent): void;
  send(frame: Uint8Array): void;
  read(on: boolean): void;
  /** The shell may have said something of its commands. */
  marked(content: Buffer): void;
}
export interface OutputSizes {
  readonly ringBytes: number;
  readonly checkpointEvery?: number;
}
/** A new attachment: where its output starts, and its credit. */
export type Start = Pick<Channel, 'id' | 'cursor' | 'limit'>;

export interface SessionOutput {
  /** One beyond the last byte. */
  readonly head: number;
  readonly main: number | null;
  has(channel: number): boolean;
  /** How far a channel's output went. */
  sent(channel: number): number;
  /** False: it took the place of what the main channel still had to send. */
  write(bytes: Uint8Array, now: number): boolean;
  /** Tells all channels, after the last byte so far. */
  note(message: Note['message']): void;
  /** Where a terminal that wants the bytes from `want` on may begin: there, or at the oldest place that is left. */
  beginning(want: number | null): Checkpoint;
  /** Where one begins that only wants to see how it goes on: about 1 MiB back. */
  recent(): Checkpoint;
  /** Replaces the main channel. */
  attachMain(start: Start, byClient: boolean, now: number): void;
  attachView(start: Start): void;
  grant(channel: number, limit: number, now: number): void;
  detachView(channel: number): void;
  /** The main channel cannot go on: somebody has to attach anew. */
  detachMain(): void;
  /** The client in control is gone: the main channel goes on without it. */
  clientLost(now: number): void;
  linkLost(now: number): void;
  /** Sends the next bytes of a channel, at most so many. Gives the size of the frame; 0 when none may go. */
  sendNext(channel: number, most: number, now: number): number;
  /** When a hold ends and `review` is due. */
  deadline(now: number): number;
  review(now: number): void;
}

export function createOutput(ports: OutputPorts, sizes: OutputSizes): SessionOutput {
  const ring = createRing(sizes.ringBytes);
  const checkpoints = createCheckpoints(sizes.checkpointEvery, (content) => ports.marked(content));
  const hold = createHold();
  const views = new Map<number, Channel>();
  let main: Channel | null = null;
  let reading = true;
  /** The end of the shell, for whoever attaches later. */
  let end: Note | null = null;

  const channelOf = (id: number): Channel | undefined => (main?.id === id ? main : views.get(id));
  const all = (): Channel[] => (main === null ? [...views.values()] : [main, ...views.values()]);
  const mayRead = (now: number): boolean => {
    const unsent = main === null ? 0 : ring.end - main.cursor;
    return unsent < MOST_UNSENT && ring.end < Math.min(main?.limit ?? Number.POSITIVE_INFINITY, hold.limit(now));
  };
  const review = (now: number): void => {
    const on = mayRead(now);
    if (on === reading) return;
    reading = on;
    ports.read(on);
  };
  /** Tells what is due and offers what may go. */
  const push = (channel: Channel): void => {
    for (const message of reached(channel)) ports.tell(message);
    ports.offer(channel.id, sendable(channel, ring.end));
  };
  const oldest = (): Checkpoint => checkpoints.from(ring.start === 0 ? 0 : ring.start + MOST_READ_AHEAD);
  const moveOn = (view: Channel): void => {
    const latest = checkpoints.latest();
    const { offset, modes } = latest.offset > view.cursor || view.cursor >= ring.start ? latest : oldest();
    if (offset <= view.cursor) return; // amid a picture of megabytes
    view.cursor = offset;
    ports.tell({ type: 'moved', channel: view.id, output_offset: offset, modes });
  };

  return {
    get head() {
      return ring.end;
    },
    get main() {
      return main?.id ?? null;
    },
    has: (id) => channelOf(id) !== undefined,
    sent: (id) => channelOf(id)?.cursor ?? 0,
    write(bytes, now) {
      ring.write(bytes);
      checkpoints.write(bytes, ring.start);
      for (const view of views.values()) {
        if (ring.end - view.cursor > MOST_VIEW_LAG) moveOn(view);
        push(view);
      }
      const overrun = main !== null && main.cursor < ring.start;
      if (main !== null && !overrun) push(main);
      review(now);
      return !overrun;
    },
    note(message) {
      const note = { offset: ring.end, message };
      if (message.type === 'exit') end = note;
      for (const channel of all()) {
        channel.notes.push(note);
        push(channel);
      }
    },
    beginning(want) {
      if (want === null || want < ring.start) return oldest();
      return { offset: want, modes: '' };
    },
    recent: () => checkpoints.from(Math.max(ring.start, ring.end - MOST_VIEW_LAG)),
    attachMain(start, byClient, now) {
      if (main !== null) ports.withdraw(main.id);
      main = { ...start, notes: end ? [end] : [] };
      hold.granted(byClient);
      push(main);
      review(now);
    },
    attachView(start) {
      const view = { ...start, notes: end ? [end] : [] };
      views.set(start.id, view);
      push(view);
    },
    grant(id, limit, now) {
      const channel = channelOf(id);
      if (channel === undefined) return;
      channel.limit = limit;
      push(channel);
      review(now);
    },
    detachView(id) {
      if (views.delete(id)) ports.withdraw(id);
    },
    detachMain() {
      if (main !== null) ports.withdraw(main.id);
      main = null;
    },
    clientLost(now) {
      if (main !== null) hold.clientLost(main.limit, now);
      review(now);
    },
    linkLost(now) {
      if (main !== null) hold.linkLost(main.limit, now);
      main = null;
      views.clear();
      review(now);
    },
    sendNext(id, most, now) {
      const channel = channelOf(id);
      const length = channel ? Math.min(most, MAX_PAYLOAD, sendable(channel, ring.end)) : 0;
      if (channel === undefined || length === 0) return 0;
      const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
      putHeader(frame, { kind: 'output', channel: id, offset: channel.cursor });
      ring.read(channel.cursor, frame.subarray(HEADER_BYTES));
      channel.cursor += length;
      ports.send(frame);
      push(channel);
      review(now);
      return frame.length;
    },
    deadline: (now) => hold.deadline(now),
    review,
  };
}
