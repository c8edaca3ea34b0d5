/**
 * A session and the main process before it, in memory: keeps all output, gives each port what its window lacks and never more than
 * its credit, and takes input as main does. Faults are made by the test: cuts, lost bytes, broken ports, another device.
 */
import type { FromWindow, TerminalPort, ToWindow } from '../../../protocol/bridge/terminal.ts';
import { decode, encode, MAX_PAYLOAD } from '../../../protocol/wire/frame.ts';

/** What a window did, in the order it did it. */
export type Seen =
  | { readonly saw: 'ack'; readonly offset: number }
  | { readonly saw: 'input'; readonly offset: number; readonly typedAt: number; readonly text: string }
  | { readonly saw: 'message'; readonly message: FromWindow };

export interface FakeSession {
  /** What `bridge.terminal(id)` gives. */
  open(): TerminalPort;
  print(output: string | Uint8Array): void;
  /** The link behind main is cut: `detached`, and nothing comes until `mend`. */
  cut(): void;
  /** `lost`: so many of the next bytes are gone meanwhile. */
  mend(lost?: number): void;
  /** The main process skips ahead, as for a viewer that is too slow. */
  skip(bytes: number): void;
  say(message: ToWindow): void;
  /** The carrier breaks: the port closes by itself. */
  breakPort(): void;
  /** The mode and the answered offset the next `attached` gives. */
  next: { mode: 'control' | 'view'; answered: number | null; modes: string };
  size: { cols: number; rows: number };
  readonly seen: readonly Seen[];
  /** Acked by the present window. */
  acked(): number;
  /** Given to the present window and not acked. */
  outstanding(): number;
  /** All that was printed is drawn and acked, or cannot come. */
  idle(): boolean;
  openPorts(): number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Window {
  hear: (message: ToWindow) => void;
  frame: (frame: Uint8Array) => void;
  closed: () => void;
}

/** `window`: how many bytes may be given and not acked. `frameBytes`: the largest frame. */
export function createFakeSession({ window = 256 * 1024, frameBytes = MAX_PAYLOAD } = {}): FakeSession {
  let output = new Uint8Array();
  let current: Window | null = null;
  let ports = 0;
  let linked = true;
  /** The present window asked to attach. */
  let asked = false;
  let attached = false;
  let sent = 0;
  let acked = 0;
  let highestAck = 0;
  let inputOffset = 0;
  const seen: Seen[] = [];

  const later = (to: Window | null, deliver: (window: Window) => void): void =>
    queueMicrotask(() => {
      if (to !== null && to === current) deliver(to);
    });
  const say = (message: ToWindow): void => later(current, (to) => to.hear(message));

  const pump = (): void => {
    if (!attached || !linked) return;
    while (sent < Math.min(output.length, acked + window)) {
      const payload = output.subarray(sent, Math.min(sent + frameBytes, output.length, acked + window));
      const frame = encode({ kind: 'output', channel: 0, offset: sent, payload });
      sent += payload.length;
      later(current, (to) => to.frame(frame));
    }
  };

  const tellAttached = (from: number, truncated: number, fresh: boolean): void => {
    const { mode, answered, modes } = session.next;
    attached = true;
    sent = from;
    acked = from;
    const answered_offset = answered ?? highestAck;
    say({ type: 'attached', mode, output_offset: from, truncated, fresh, answered_offset, modes, ...session.size });
    pump();
  };

  const receive = (message: FromWindow): void => {
    seen.push({ saw: 'message', message });
    if (message.type !== 'attach') return;
    asked = true;
    session.size = { cols: message.cols, rows: message.rows };
    highestAck = Math.max(highestAck, message.consumed ?? 0);
    if (linked) tellAttached(message.consumed ?? 0, 0, message.consumed === null);
    else sent = message.consumed ?? 0;
  };

  const receiveFrame = (bytes: Uint8Array): void => {
    const decoded = decode(bytes);
    if (!decoded.ok) throw new Error(`The window sent a frame that is none: ${decoded.code}`);
    const { frame } = decoded;
    if (frame.kind === 'output-ack') return takeAck(frame.offset);
    if (frame.kind !== 'input') throw new Error(`A window sends no ${frame.kind}`);
    if (frame.offset !== inputOffset) throw new Error(`Input ${frame.offset} came, ${inputOffset} was due`);
    inputOffset += frame.payload.length;
    seen.push({ saw: 'input', offset: frame.offset, typedAt: frame.typedAt, text: decoder.decode(frame.payload) });
  };

  const takeAck = (offset: number): void => {
    if (offset > sent) throw new Error(`${offset} was acked, but only ${sent} bytes were given`);
    seen.push({ saw: 'ack', offset });
    acked = offset;
    highestAck = Math.max(highestAck, offset);
    pump();
  };

  const session: FakeSession = {
    next: { mode: 'control', answered: null, modes: '' },
    size: { cols: 80, rows: 24 },
    seen,
    acked: () => acked,
    outstanding: () => sent - acked,
    idle: () => !linked || (attached && acked === output.length),
    openPorts: () => ports,
    say,
    open() {
      const own: Window = { hear: () => undefined, frame: () => undefined, closed: () => undefined };
      const ifCurrent = (act: () => void): void => {
        if (current === own) act();
      };
      current = own;
      ports += 1;
      asked = false;
      attached = false;
      inputOffset = 0;
      say({ type: 'ready' });
      return {
        send: (message) => queueMicrotask(() => ifCurrent(() => receive(message))),
        sendFrame: (frame) => queueMicrotask(() => ifCurrent(() => receiveFrame(frame))),
        onMessage: (listener) => void (own.hear = listener),
        onFrame: (listener) => void (own.frame = listener),
        onClose: (listener) => void (own.closed = listener),
        close() {
          ports -= 1;
          if (current === own) current = null;
        },
      };
    },
    print(more) {
      const bytes = typeof more === 'string' ? encoder.encode(more) : more;
      const grown = new Uint8Array(output.length + bytes.length);
      grown.set(output);
      grown.set(bytes, output.length);
      output = grown;
      pump();
    },
    cut() {
      linked = false;
      attached = false;
      say({ type: 'detached' });
    },
    mend(lost = 0) {
      linked = true;
      if (asked) tellAttached(sent + lost, lost, false);
    },
    skip(bytes) {
      sent += bytes;
      acked = sent;
      say({ type: 'moved', output_offset: sent, modes: session.next.modes });
      pump();
    },
    breakPort() {
      const broken = current;
      current = null;
      ports -= 1;
      asked = false;
      attached = false;
      broken?.closed();
    },
  };
  return session;
}
