/**
 * One session's output, from port to screen: attaches, writes what comes in order, acks what is drawn, states what is missing.
 *
 *   connect ──(all drawn)──> attach sent ──attached──> frames, acks, replies ──detached──> wait for the next attached
 *      ^                          ^                          │
 *      └── lost: the port closed  └──── a gap in the frames ─┘
 */
import type { TerminalPort, ToWindow } from '../../protocol/bridge/terminal.ts';
import { decode, encode } from '../../protocol/wire/frame.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import { createAcks, type Timer } from './acks.ts';
import { jumpBytes, type Jump } from './jump.ts';
import { createReplies, messages } from './replies.ts';
import type { Screen, Size } from './screen.ts';

export type Attached = Extract<ToWindow, { type: 'attached' }>;

/** What others of the terminal are told. */
export interface StreamListener {
  attached(attached: Attached): void;
  detached(): void;
  /** The screen went on at another byte: programs may have to draw theirs again. */
  jumped(): void;
  /** The session has this size where the screen is now. */
  resized(size: Size): void;
}

interface StreamParts {
  readonly screen: Screen;
  readonly size: () => Size;
  readonly now: () => Moment;
  readonly after: Timer;
  readonly listener: StreamListener;
}

export interface Stream {
  /** The port is ready. */
  connect(port: TerminalPort): void;
  lost(): void;
  message(message: ToWindow): void;
  frame(bytes: Uint8Array): void;
  /** The emulator answers, while it draws, what a program asked. */
  answer(data: string): void;
  /** Whether what is being drawn was drawn before, here or elsewhere: what it asks of the person was asked already. */
  isReplay(): boolean;
  /** Who types here now; null while nobody knows. */
  mode(): Attached['mode'] | null;
  /** Bytes given to the screen and not drawn yet. */
  outstanding(): number;
}

export function createStream({ screen, size, now, after, listener }: StreamParts): Stream {
  let port: TerminalPort | null = null;
  /** Null while nothing that comes is of an attachment of ours. */
  let mode: Attached['mode'] | null = null;
  /** Queries below are answered already, by whoever drew them first. */
  let answered = 0;
  /** The next byte to come; every byte below `drawn` is on the screen. Null before the first screen. */
  let next: number | null = null;
  let drawn: number | null = null;
  let writes = 0;
  let undrawn = 0;
  let attachWhenDrawn = false;
  const replies = createReplies(now);
  const acks = createAcks(
    (offset) => port?.sendFrame(encode({ kind: 'output-ack', channel: 0, offset, window: 0 })),
    after,
  );

  /** What the window claims to have must be on the screen, so an attach waits for the writes under way. */
  const attach = (): void => {
    mode = null;
    acks.forget();
    attachWhenDrawn = writes > 0;
    if (!attachWhenDrawn) port?.send({ type: 'attach', consumed: drawn, ...size() });
  };

  const write = (bytes: Uint8Array, done: () => void): void => {
    writes += 1;
    undrawn += bytes.length;
    screen.write(bytes, () => {
      writes -= 1;
      undrawn -= bytes.length;
      done();
      if (attachWhenDrawn && writes === 0) attach();
    });
  };

  const reply = (answers: readonly string[]): void => {
    for (const data of messages(answers)) port?.send({ type: 'reply', data });
  };

  /** The ack goes before the answer: whoever attaches next must not answer again. */
  const settle = (from: number, end: number): void => {
    drawn = end;
    const answers = replies.take();
    const ours = answers.length > 0 && from >= answered;
    if (mode === 'control' && ours) {
      acks.say(end);
      reply(answers);
    } else if (mode !== null) acks.drawn(end);
    else if (ours) replies.hold(from, answers);
  };

  /** Cut where answering begins, so that each part is answered whole or not at all. */
  const draw = (payload: Uint8Array, offset: number): void => {
    next = offset + payload.length;
    const border = answered - offset;
    const cut = border > 0 && border < payload.length ? border : payload.length;
    for (const [start, end] of [
      [0, cut],
      [cut, payload.length],
    ] as const) {
      if (end > start) write(payload.subarray(start, end), () => settle(offset + start, offset + end));
    }
  };

  const jump = (kind: Jump, to: number, modes: string): void => {
    next = to;
    write(jumpBytes(kind, modes), () => {
      replies.take();
      drawn = to;
      if (mode !== null) acks.say(to);
      listener.jumped();
    });
  };

  /** In its place among the bytes: what was printed for the old size is drawn at the old size. */
  const resized = ({ cols, rows }: Size): void => write(new Uint8Array(), () => listener.resized({ cols, rows }));

  const attached = (message: Attached): void => {
    const offset = message.output_offset;
    mode = message.mode;
    answered = message.answered_offset;
    const ours = replies.release(answered);
    if (mode === 'view') resized(message);
    if (message.fresh || next === null) jump({ why: 'fresh', start: offset }, offset, message.modes);
    else if (offset > next) jump({ why: 'truncated', missing: offset - next }, offset, message.modes);
    else {
      acks.say(drawn ?? offset);
      if (mode === 'control') reply(ours);
    }
    listener.attached(message);
  };

  const detached = (): void => {
    mode = null;
    acks.forget();
    listener.detached();
  };

  return {
    connect(ready) {
      port = ready;
      attach();
    },
    lost() {
      port = null;
      attachWhenDrawn = false;
      replies.clear();
      detached();
    },
    frame(bytes) {
      const decoded = decode(bytes);
      if (!decoded.ok || decoded.frame.kind !== 'output' || mode === null || next === null) return;
      const { offset, payload } = decoded.frame;
      if (offset > next) attach();
      else if (offset + payload.length > next) draw(payload.subarray(next - offset), next);
    },
    message(message) {
      switch (message.type) {
        case 'attached':
          return attached(message);
        case 'detached':
          return detached();
        case 'moved':
          if (mode === null || next === null || message.output_offset <= next) return;
          return jump({ why: 'moved', missing: message.output_offset - next }, message.output_offset, message.modes);
        case 'resized':
          return resized(message);
        case 'ready':
        case 'kept':
        case 'exit':
      }
    },
    answer: (data) => replies.add(data),
    // Writes are drawn in turn, so what is drawn now begins where the last one ended.
    isReplay: () => (drawn ?? 0) < answered,
    mode: () => mode,
    outstanding: () => undrawn,
  };
}
