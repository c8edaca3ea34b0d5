/** What drives one terminal between a socket and the window's port, in either dialect of the wire. Here: the framed one. */
import type { FromWindow } from '../../../protocol/bridge/terminal.ts';
import { CLIENT_SUBPROTOCOL, toClient } from '../../../protocol/wire/control.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import { json } from '../api/refusal.ts';
import type { Wish } from './attaching.ts';
import type { Effect } from './effect.ts';
import { createTerminal } from './terminal.ts';

/** Beside what the framed dialect asks for, what the plain one needs. */
export type SpokenEffect =
  | Effect
  | { readonly do: 'say'; readonly text: string }
  /** Read nothing more of the socket, or go on. */
  | { readonly do: 'hold'; readonly on: boolean };
export type SpokenEffects = readonly SpokenEffect[];

/** Effects are performed at once and in order, before the next call. */
export interface Speaker {
  /** What it offers; empty: none. */
  readonly subprotocols: readonly string[];
  /** To be added to the socket's address. */
  query(): string;
  start(now: Moment): SpokenEffects;
  connected(now: Moment): SpokenEffects;
  /** `code`: of the closing frame, null when there was none. */
  disconnected(now: Moment, code: number | null): SpokenEffects;
  /** Null: not readable, the socket is to be closed. */
  text(text: string, now: Moment): SpokenEffects | null;
  frame(bytes: Uint8Array, now: Moment): SpokenEffects;
  portOpened(now: Moment): SpokenEffects;
  portClosed(now: Moment): SpokenEffects;
  fromWindow(message: FromWindow, now: Moment): SpokenEffects;
  frameFromWindow(bytes: Uint8Array, now: Moment): SpokenEffects;
  close(now: Moment): SpokenEffects;
  readonly deadline: number;
  tick(now: Moment): SpokenEffects;
}

export function speakFramed(wish: Wish): Speaker {
  const machine = createTerminal(wish);
  return {
    subprotocols: [CLIENT_SUBPROTOCOL],
    query: () => '',
    start: (now) => machine.start(now),
    connected: (now) => machine.connected(now),
    disconnected: (now) => machine.disconnected(now),
    text(text, now) {
      const message = toClient.safeParse(json(text));
      return message.success ? machine.receive(message.data, now) : null;
    },
    frame: (bytes, now) => machine.receiveFrame(bytes, now),
    portOpened: (now) => machine.portOpened(now),
    portClosed: (now) => machine.portClosed(now),
    fromWindow: (message, now) => machine.receiveFromWindow(message, now),
    frameFromWindow: (bytes, now) => machine.receiveFrameFromWindow(bytes, now),
    close: (now) => machine.close(now),
    get deadline() {
      return machine.deadline;
    },
    tick: (now) => machine.tick(now),
  };
}
