/** The client's side of one terminal, as a pure machine between the service's socket and the window's port. */
import type { DetachReason, EndReason, FromClient, ToClient } from '../../../protocol/wire/control.ts';
import type { FromWindow, ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';

/** How the terminal stands; what the edge knows beside it (next try, why a dial failed) it adds itself. */
export type Phase =
  | { readonly at: 'opening' }
  | { readonly at: 'attached'; readonly mode: 'control' | 'view' }
  /** The socket is gone, or the stream does not answer, or `attach` is not answered yet. */
  | { readonly at: 'reconnecting'; readonly why: DetachReason | 'lost' | 'stalled' | 'gap' | null }
  | { readonly at: 'machine-away' }
  | {
      readonly at: 'ended';
      readonly exitCode: number | null;
      readonly signal?: string;
      readonly reason: EndReason | string;
    }
  | { readonly at: 'failed'; readonly code: string; readonly message: string };

export type Effect =
  /** `up`: keep a socket, dial with backoff. `anew`: drop this one and dial. `down`: none is needed. */
  | { readonly do: 'link'; readonly want: 'up' | 'anew' | 'down' }
  | { readonly do: 'tell'; readonly message: FromClient }
  | { readonly do: 'send'; readonly frame: Uint8Array }
  | { readonly do: 'show'; readonly message: ToWindow }
  | { readonly do: 'show-frame'; readonly frame: Uint8Array }
  | { readonly do: 'phase'; readonly phase: Phase }
  | { readonly do: 'session'; readonly sessionId: string };
export type Effects = readonly Effect[];

export interface Wish {
  /** Random, one per terminal, kept with it: input is numbered per client. */
  readonly client: string;
  readonly session:
    | { readonly openId: string; readonly shell?: string; readonly cwd?: string }
    | { readonly sessionId: string; readonly take: boolean };
  readonly cols: number;
  readonly rows: number;
}

export interface TerminalMachine {
  /** Call once: what is to be done first. */
  start(now: Moment): Effects;
  /** A socket that speaks `webxterm.v1` is open. */
  connected(now: Moment): Effects;
  disconnected(now: Moment): Effects;
  receive(message: ToClient, now: Moment): Effects;
  /** A binary message of the service; the bytes belong to the machine from now on. */
  receiveFrame(bytes: Uint8Array, now: Moment): Effects;

  /** A window opened the port. The older port, if any, was closed by the edge. */
  portOpened(now: Moment): Effects;
  portClosed(now: Moment): Effects;
  receiveFromWindow(message: FromWindow, now: Moment): Effects;
  receiveFrameFromWindow(bytes: Uint8Array, now: Moment): Effects;

  /** The session is to end: told to the service now, or when there is a socket again. */
  close(now: Moment): Effects;

  /** Call `tick` when the monotonic clock has reached this; it changes with any call. Infinity: nothing is due. */
  readonly deadline: number;
  tick(now: Moment): Effects;
}
