/** Output on its way from the service to the window: given on as it is, and granted as fast as it is drawn. */
import { encode, type Output } from '../../../protocol/wire/frame.ts';
import { createScreen } from './screen.ts';
import { createWindow } from './window.ts';

export interface DrawingPorts {
  send(frame: Uint8Array): void;
  showFrame(frame: Uint8Array): void;
}
/** What an attach says of the output. */
export interface Wanted {
  readonly want: number | null;
  readonly consumed: number | null;
  readonly window: number;
}

export interface Drawing {
  /** All below is drawn; null on a fresh screen. */
  readonly consumed: number | null;
  /** The next byte that is wanted; null for a fresh screen. */
  readonly next: number | null;
  readonly window: number;
  /** The window has drawn this much, and sees nothing of what was given to it before. */
  begin(consumed: number | null): void;
  /** For an attach: its credit counts from now on. */
  ask(): Wanted;
  /** The attach is answered: output goes on at `offset`. Gives an ack. */
  attached(offset: number, roundTripMs: number): void;
  moved(offset: number): void;
  roundTrip(ms: number): void;
  /** `bytes` hold the frame. `gap`: bytes are missing. `beyond`: more came than was granted. */
  output(frame: Output, bytes: Uint8Array): 'gap' | 'beyond' | null;
  drawn(offset: number, now: number): void;
  /** States what is drawn, if that is not said already. */
  ack(): void;
}

export function createDrawing(ports: DrawingPorts): Drawing {
  const screen = createScreen();
  const window = createWindow();
  let acked = Number.NaN;
  let granted = 0;

  const ack = (): void => {
    const { consumed } = screen;
    if (consumed === null || consumed === acked) return;
    acked = consumed;
    granted = Math.max(granted, consumed + window.bytes);
    ports.send(encode({ kind: 'output-ack', channel: 0, offset: consumed, window: window.bytes }));
  };
  return {
    get consumed() {
      return screen.consumed;
    },
    get next() {
      return screen.wanted;
    },
    get window() {
      return window.bytes;
    },
    begin: (consumed) => screen.begin(consumed),
    ask: () => ({ want: screen.wanted, consumed: screen.consumed, window: window.bytes }),
    attached(offset, roundTripMs) {
      granted = (screen.consumed ?? offset) + window.bytes;
      screen.jump(offset);
      window.restart();
      window.roundTrip(roundTripMs);
      acked = Number.NaN;
      ack();
    },
    moved: (offset) => screen.jump(offset),
    roundTrip: (ms) => window.roundTrip(ms),
    output(frame, bytes) {
      const wanted = screen.wanted ?? 0;
      const end = frame.offset + frame.payload.length;
      if (frame.offset > wanted) return 'gap';
      if (end > granted) return 'beyond';
      if (end <= wanted) return null;
      const part = frame.payload.subarray(wanted - frame.offset);
      const whole = part.length === frame.payload.length;
      ports.showFrame(whole ? bytes : encode({ kind: 'output', channel: 0, offset: wanted, payload: part }));
      screen.received(end);
      return null;
    },
    drawn(offset, now) {
      screen.drawn(offset);
      const { consumed, wanted, idle } = screen;
      if (consumed === null || wanted === null) return;
      window.drawn({ consumed, received: wanted, now });
      const unsaid = Number.isNaN(acked) ? Number.POSITIVE_INFINITY : consumed - acked;
      if (idle || unsaid >= window.bytes / 4) ack();
    },
    ack,
  };
}
