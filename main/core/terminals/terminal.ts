/** The client's side of one terminal, as a pure machine between the service's socket and the window's port. */
import type { FromWindow, ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { AttachMode, DetachReason, ExitState, FromClient, ToClient } from '../../../protocol/wire/control.ts';
import { decode, encode, type Output } from '../../../protocol/wire/frame.ts';
import { age, type Moment } from '../../../protocol/wire/moment.ts';
import { createKeptInput } from './kept-input.ts';
import { createLiveness } from './liveness.ts';
import { createScreen } from './screen.ts';
import { typedAgo, typedAt } from './typing-time.ts';
import { createWindow } from './window.ts';

/** How the terminal stands; what the edge knows beside it (next try, why a dial failed) it adds itself. */
export type Phase =
  | { readonly at: 'opening' }
  | { readonly at: 'attached'; readonly mode: AttachMode }
  /** The socket is gone, or the stream does not answer, or bytes were missing. */
  | { readonly at: 'reconnecting'; readonly why: DetachReason | 'lost' | 'stalled' | 'gap' }
  | { readonly at: 'machine-away' }
  | { readonly at: 'ended'; readonly exitCode: number | null; readonly signal?: string; readonly reason: string }
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

/** Typed longer ago, input waits for the person's word. */
const STALE_MS = 5000;
/** Without a window nothing is drawn: the attachment would only hold the shell back. */
const PORTLESS_MS = 5000;
const CLOSE_ANSWERED_MS = 5000;
/** Refusals that follow each other faster than this are answered more and more slowly. */
const QUIET_MS = 10_000;

/** `none`: nothing was asked on this socket. */
type Stage = 'none' | 'opening' | 'asked' | 'waiting' | 'attached' | 'over';
interface Port {
  readonly openedAt: Moment;
  /** It said what it has drawn: output may be given to it. */
  ready: boolean;
  visible: boolean;
}

export function createTerminal(wish: Wish): TerminalMachine {
  const input = createKeptInput();
  const screen = createScreen();
  const credit = createWindow();
  const liveness = createLiveness();
  let effects: Effect[] = [];
  let phase: Phase | null = null;
  let size = { cols: wish.cols, rows: wish.rows };
  let session = 'sessionId' in wish.session ? wish.session.sessionId : null;
  let take = 'sessionId' in wish.session && wish.session.take;
  let wanted: AttachMode = 'control';
  let linkWanted = false;
  let linked = false;
  let openSent = false;
  let stage: Stage = 'none';
  let n = 0;
  /** Of the present attach. */
  let mode: AttachMode = 'control';
  let attachedAt: Moment = { monotonic: 0, wall: 0 };
  let fresh = true;
  let acked = 0;
  let limit = 0;
  let sentWhenProbed = 0;
  /** Another client had control since this one did. */
  let lostControl = false;
  /** The person is asked what to do with kept input. */
  let asking = false;
  let keptShown = { bytes: 0, ask: false };
  let port: Port | null = null;
  let portlessSince = 0;
  let exit: ExitState | null = null;
  let closing = false;
  let closeBy = Number.POSITIVE_INFINITY;
  let retryAt = 0;
  let faults = 0;
  let lastFault = Number.NEGATIVE_INFINITY;

  const did = (): Effects => {
    const done = effects;
    effects = [];
    return done;
  };
  return undefined as never;
}
