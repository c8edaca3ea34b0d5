/** A virtual window: an emulator that draws at some rate, checks every byte it draws, and answers queries, as the real one does. */
import type { FromWindow, ToWindow } from '../../protocol/bridge/terminal.ts';
import { decode, encode } from '../../protocol/wire/frame.ts';
import { type Marked, type Mode, restatedModes, type Shell } from './shell.ts';
import type { World } from './world.ts';

const KIB = 1024;
const DRAWN_AT_ONCE = 16 * KIB;
const ACK_AT_ONCE = 16 * KIB;
const ACK_AFTER_MS = 10;
/** What a client may have granted at most, and so what may wait to be drawn. */
const MOST_UNDRAWN = 1024 * KIB;

export interface WindowParts {
  readonly world: World;
  readonly name: string;
  /** The shell whose output this is; its bytes are the truth. */
  shell(): Shell | null;
  send(message: FromWindow): void;
  sendFrame(frame: Uint8Array): void;
  /** It answers a query: with these bytes on the wire. */
  answered(query: number): string;
  /** All is drawn, and the shell's end with it. */
  endShown(at: number): void;
  /** The person is asked about kept input. */
  asked(): void;
  runs(act: () => void): void;
}
export interface VirtualWindow {
  readonly shown: number | null;
  readonly modes: ReadonlySet<Mode>;
  readonly mode: 'control' | 'view' | null;
  readonly size: { readonly cols: number; readonly rows: number } | null;
  bytesPerMs: number;
  receive(message: ToWindow): void;
  receiveFrame(frame: Uint8Array): void;
  /** It opened a new port: says what it has drawn. */
  attach(size: { readonly cols: number; readonly rows: number }): void;
  /** Its page is loaded anew: nothing is left. */
  reload(): void;
}

type Item =
  | { readonly is: 'bytes'; readonly from: number; readonly bytes: Uint8Array }
  | { readonly is: 'jump'; readonly to: number; readonly modes: string };

export function openWindow(parts: WindowParts, bytesPerMs: number): VirtualWindow {
  const { world, name } = parts;
  let queue: Item[] = [];
  let queued = 0;
  /** The next byte it has not drawn; null on a fresh screen. */
  let drawn: number | null = null;
  /** The next byte it has not got. */
  let wanted: number | null = null;
  let acked = Number.NaN;
  let attached: Extract<ToWindow, { type: 'attached' }> | null = null;
  let answeredBelow = 0;
  let modes: ReadonlySet<Mode> = new Set();
  let size: { readonly cols: number; readonly rows: number } | null = null;
  let exitAt: number | null = null;
  let isDrawing = false;
  let ackArmed = false;
  let life = 0;

  const ack = (): void => {
    if (attached === null || drawn === null || drawn === acked) return;
    acked = drawn;
    parts.sendFrame(encode({ kind: 'output-ack', channel: 0, offset: drawn, window: 0 }));
  };
  const ackSoon = (): void => {
    if (attached === null || drawn === null) return;
    if (Number.isNaN(acked) || drawn - acked >= ACK_AT_ONCE) return ack();
    if (ackArmed) return;
    ackArmed = true;
    const own = life;
    world.after(ACK_AFTER_MS, () =>
      parts.runs(() => {
        ackArmed = false;
        if (own === life) ack();
      }),
    );
  };
  const check = (bytes: Uint8Array, from: number): void => {
    const shell = parts.shell();
    if (shell === null) return;
    if (drawn !== from) world.fail('output-wrong', `${name} draws byte ${from} after ${drawn}`);
    const truth = shell.written.subarray(from, from + bytes.length);
    if (from + bytes.length > shell.length || Buffer.compare(truth, bytes) !== 0)
      world.fail('output-wrong', `${name} draws other bytes than the shell wrote at ${from}`);
  };
  const obey = (marker: Marked): void => {
    if (marker.is === 'mode') {
      const next = new Set(modes);
      if (marker.on) next.add(marker.mode);
      else next.delete(marker.mode);
      modes = next;
    } else if (attached?.mode === 'control' && marker.to > answeredBelow) {
      drawn = marker.to;
      ack();
      parts.send({ type: 'reply', data: parts.answered(marker.number) });
    }
  };
  const draw = (): void => {
    const [item] = queue;
    if (isDrawing || item === undefined) return;
    if (item.is === 'jump') {
      queue.shift();
      jump(item);
      return draw();
    }
    isDrawing = true;
    const own = life;
    const count = Math.min(item.bytes.length, DRAWN_AT_ONCE);
    world.after(count / window.bytesPerMs, () =>
      parts.runs(() => {
        if (own !== life) return;
        isDrawing = false;
        drew(item, count);
        draw();
      }),
    );
  };
  const jump = ({ to, modes: sequences }: Extract<Item, { is: 'jump' }>): void => {
    const inside = parts.shell()?.markers.some((marker) => marker.from < to && to < marker.to);
    if (inside) world.fail('checkpoint', `${name} begins at ${to}, in the midst of a sequence`);
    drawn = to;
    modes = restatedModes(sequences);
    ackSoon();
    showExit();
  };
  const drew = (item: Extract<Item, { is: 'bytes' }>, count: number): void => {
    const bytes = item.bytes.subarray(0, count);
    check(bytes, item.from);
    const end = item.from + count;
    for (const marker of parts.shell()?.markers ?? []) if (marker.to > item.from && marker.to <= end) obey(marker);
    drawn = end;
    queued -= count;
    queue.shift();
    if (count < item.bytes.length) queue.unshift({ is: 'bytes', from: end, bytes: item.bytes.subarray(count) });
    ackSoon();
    showExit();
  };
  const showExit = (): void => {
    if (exitAt === null || drawn === null || queue.length > 0) return;
    exitAt = null;
    parts.endShown(drawn);
  };
  const nowAttached = (message: Extract<ToWindow, { type: 'attached' }>): void => {
    attached = message;
    answeredBelow = Math.max(message.answered_offset, 0);
    size = { cols: message.cols, rows: message.rows };
    const missing = message.output_offset - (message.fresh ? 0 : (wanted ?? 0));
    if (message.truncated !== missing && !(message.fresh && message.mode === 'view'))
      world.fail('unstated-gap', `${name}: ${missing} bytes are missing, ${message.truncated} are said to be gone`);
    if (message.fresh || message.output_offset !== wanted) {
      if (wanted !== null && message.output_offset < wanted)
        world.fail('output-wrong', `${name} is sent back to ${message.output_offset}`);
      queue.push({ is: 'jump', to: message.output_offset, modes: message.modes });
    }
    wanted = message.output_offset;
    acked = Number.NaN;
    ack();
    draw();
  };

  const window: VirtualWindow = {
    get shown() {
      return drawn;
    },
    get modes() {
      return modes;
    },
    get mode() {
      return attached?.mode ?? null;
    },
    get size() {
      return size;
    },
    bytesPerMs,
    receive(message) {
      switch (message.type) {
        case 'attached':
          return nowAttached(message);
        case 'detached':
          attached = null;
          return undefined;
        case 'moved':
          queue.push({ is: 'jump', to: message.output_offset, modes: message.modes });
          wanted = message.output_offset;
          return draw();
        case 'resized':
          size = { cols: message.cols, rows: message.rows };
          return undefined;
        case 'kept':
          return message.ask ? parts.asked() : undefined;
        case 'exit':
          exitAt = message.output_offset;
          return showExit();
        case 'ready':
          return undefined;
      }
    },
    receiveFrame(bytes) {
      const decoded = decode(bytes);
      if (!decoded.ok || decoded.frame.kind !== 'output') return world.fail('refused', `${name} cannot read a frame`);
      const { offset, payload } = decoded.frame;
      if (offset !== wanted) world.fail('output-wrong', `${name} gets byte ${offset} where ${wanted} was to come`);
      wanted = offset + payload.length;
      queue.push({ is: 'bytes', from: offset, bytes: payload });
      queued += payload.length;
      if (queued > MOST_UNDRAWN)
        world.fail('client-memory', `${name}: ${queued} bytes wait to be drawn, more than any window`);
      draw();
    },
    attach(to) {
      attached = null;
      // what was given by the older port and is not drawn comes again
      queue = [];
      queued = 0;
      isDrawing = false;
      life += 1;
      wanted = drawn;
      exitAt = null;
      parts.send({ type: 'attach', consumed: drawn, ...to });
      parts.send({ type: 'visible', visible: true });
    },
    reload() {
      queue = [];
      queued = 0;
      drawn = null;
      modes = new Set();
      isDrawing = false;
      attached = null;
      life += 1;
    },
  };
  return window;
}
