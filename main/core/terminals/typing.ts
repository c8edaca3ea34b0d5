/** Input on its way from the window to the shell: sent while that is no surprise, kept and shown to the person when it would be. */
import type { ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { AttachMode } from '../../../protocol/wire/control.ts';
import { encode } from '../../../protocol/wire/frame.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import { createKeptInput } from './kept-input.ts';
import { typedAt } from './typing-time.ts';

/** Typed longer before a re-attach, input waits for the person's word. */
const STALE_MS = 5000;

export interface TypingPorts {
  send(frame: Uint8Array): void;
  show(message: ToWindow): void;
}

export interface Typing {
  typed(bytes: Uint8Array, at: Moment, now: Moment): void;
  /** What the emulator answered by itself. */
  reply(bytes: Uint8Array, now: Moment): void;
  attached(as: { readonly mode: AttachMode; readonly inputOffset: number }, now: Moment): void;
  detached(): void;
  /** Another client has control, or had it. */
  controlLost(): void;
  acked(taken: number, now: Moment): void;
  /** What the person decided about kept input. */
  decide(send: boolean, now: Moment): void;
  /** A window sees nothing of what was shown before. */
  newWindow(): void;
  /** One beyond the last byte sent. */
  readonly sent: number;
  readonly isEmpty: boolean;
}

export function createTyping(ports: TypingPorts): Typing {
  const input = createKeptInput();
  let mode: AttachMode | null = null;
  let attachedAt: Moment = { monotonic: 0, wall: 0 };
  let lost = false;
  let asking = false;
  let shown = { bytes: 0, ask: false };

  const show = (): void => {
    const waits = asking || mode !== 'control';
    const bytes = waits ? input.typed : 0;
    const ask = asking && mode === 'control' && bytes > 0;
    if (bytes === shown.bytes && ask === shown.ask) return;
    shown = { bytes, ask };
    ports.show({ type: 'kept', bytes, ask, preview: bytes > 0 ? input.preview() : '' });
  };
  const flush = (now: Moment): void => {
    if (mode === 'control' && !asking) {
      for (let part = input.next(); part !== null; part = input.next()) {
        const typed = typedAt(part.at, attachedAt, now);
        ports.send(encode({ kind: 'input', channel: 0, offset: part.offset, typedAt: typed, payload: part.bytes }));
      }
    }
    show();
  };
  const control = (inputOffset: number, now: Moment): void => {
    const isKnown = input.attached(inputOffset);
    const surprising = lost || !isKnown;
    lost = false;
    input.dropReplies(surprising ? -1 : STALE_MS, now);
    asking = input.typed > 0 && (asking || surprising || input.isOlder(STALE_MS, now));
  };
  return {
    typed(bytes, at, now) {
      input.add(bytes, at, 'typed');
      flush(now);
    },
    reply(bytes, now) {
      if (mode !== 'control') return;
      input.add(bytes, now, 'reply');
      flush(now);
    },
    attached(as, now) {
      ({ mode } = as);
      attachedAt = now;
      if (as.mode === 'control') control(as.inputOffset, now);
      flush(now);
    },
    detached() {
      mode = null;
      show();
    },
    controlLost() {
      lost = true;
    },
    acked(taken, now) {
      if (mode !== 'control') return;
      input.acked(taken);
      flush(now);
    },
    decide(send, now) {
      const underWay = mode === 'control' && !asking;
      if (underWay || (send && !asking)) return;
      // what is on its way is counted by the agent, so only while nothing is may anything be dropped
      if (mode === 'control') input.dropReplies(STALE_MS, now);
      if (send) input.confirm(now);
      else input.discard(mode === 'control');
      asking = false;
      flush(now);
    },
    newWindow() {
      shown = { bytes: 0, ask: false };
      show();
    },
    get sent() {
      return input.sent;
    },
    get isEmpty() {
      return input.isEmpty;
    },
  };
}
