/** The client's side of one terminal, as a pure machine between the service's socket and the window's port. */
import type { FromWindow, ToWindow } from '../../../protocol/bridge/terminal.ts';
import type { ExitState, FromClient, ToClient } from '../../../protocol/wire/control.ts';
import { decode } from '../../../protocol/wire/frame.ts';
import type { Moment } from '../../../protocol/wire/moment.ts';
import { createAttaching, type Size, type Wish } from './attaching.ts';
import { createDrawing } from './drawing.ts';
import type { Effect, Effects, Phase } from './effect.ts';
import { createLiveness } from './liveness.ts';
import { createPatience } from './patience.ts';
import { momentOf } from './typing-time.ts';
import { createTyping } from './typing.ts';

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

/** Without a window nothing is drawn: the attachment would only hold the shell back. */
const PORTLESS_MS = 5000;
const CLOSE_ANSWERED_MS = 5000;
const ASK_AGAIN_MS = 3000;

interface Port {
  readonly openedAt: Moment;
  /** It said what it has drawn: output may be given to it. */
  ready: boolean;
  visible: boolean;
}
type Attached = Extract<ToClient, { type: 'attached' }>;
type Detached = Extract<ToClient, { type: 'detached' }>;
type Probed = Extract<ToClient, { type: 'probed' }>;
type Refusal = Extract<ToClient, { type: 'error' }>;
/** Makes sense only while attached. */
type OfAttachment = Exclude<ToClient, Attached | Detached | Refusal | { type: 'opened' | 'waiting' }>;

export function createTerminal(wish: Wish): TerminalMachine {
  let effects: Effect[] = [];
  const send = (frame: Uint8Array): void => void effects.push({ do: 'send', frame });
  const show = (message: ToWindow): void => void (port && effects.push({ do: 'show', message }));
  const tell = (message: FromClient): void => void effects.push({ do: 'tell', message });
  const attaching = createAttaching(wish, tell);
  const typing = createTyping({ send, show });
  const drawing = createDrawing({ send, showFrame: (frame) => effects.push({ do: 'show-frame', frame }) });
  const liveness = createLiveness();
  const patience = createPatience();

  let phase: Phase | null = null;
  let over = false;
  let size: Size = { cols: wish.cols, rows: wish.rows };
  let link: 'down' | 'dialling' | 'up' = 'down';
  let sentWhenProbed = 0;
  let port: Port | null = null;
  let portlessSince = 0;
  let exit: ExitState | null = null;
  let closing = false;
  let closeBy = Number.POSITIVE_INFINITY;
  let retryAt = Number.NEGATIVE_INFINITY;
  let now: Moment = { monotonic: 0, wall: 0 };

  const enter = (next: Phase): void => {
    if (phase !== null && JSON.stringify(phase) === JSON.stringify(next)) return;
    phase = next;
    effects.push({ do: 'phase', phase });
  };
  const setLink = (want: 'up' | 'anew' | 'down'): void => {
    link = want === 'down' ? 'down' : 'dialling';
    effects.push({ do: 'link', want });
  };
  const matters = (): boolean => (port?.visible ?? false) || !typing.isEmpty || closing;

  const attach = (): void => {
    exit = null; // it comes again, after the last byte
    attaching.attach(drawing.ask(), size);
  };
  /** Asks for what is to be asked next, if it may be now. */
  const pursue = (): void => {
    if (over || link !== 'up' || attaching.stage !== 'none' || now.monotonic < retryAt) return;
    if (attaching.session === null) attaching.open(size);
    else if (port?.ready || closing) attach();
    else return;
    liveness.asked(now.monotonic);
  };
  /** What was attached or asked for is void; the socket may still be there. */
  const leave = (): void => {
    attaching.leave();
    liveness.rest();
    typing.detached();
  };
  const interrupt = (why: Extract<Phase, { at: 'reconnecting' }>['why']): void => {
    if (attaching.stage === 'attached') show({ type: 'detached' });
    leave();
    if (attaching.session !== null && !over) enter({ at: 'reconnecting', why });
  };
  const redial = (why: 'stalled' | 'lost'): void => {
    interrupt(why);
    setLink('anew');
  };
  const finish = (last: Phase): void => {
    if (over) return;
    leave();
    over = true;
    enter(last);
    setLink('down');
  };
  const askToEnd = (): void => {
    if (attaching.mode === 'view') return finish({ at: 'ended', exitCode: null, reason: 'closed' });
    tell({ type: 'close' });
    closeBy = now.monotonic + CLOSE_ANSWERED_MS;
  };
  /** The end is shown, and the session let go of, when all before it is drawn. */
  const finishWhenDrawn = (): void => {
    if (exit === null || !port?.ready || attaching.stage !== 'attached') return;
    if ((drawing.consumed ?? 0) < exit.output_offset) return;
    if (attaching.inControl) tell({ type: 'close' });
    finish(ended(exit));
  };
  const exited = (state: ExitState): void => {
    exit = state;
    show({ type: 'exit', ...state });
    finishWhenDrawn();
  };

  const attached = (message: Attached): void => {
    const fresh = drawing.next === null;
    const { mode, output_offset, truncated, answered_offset, modes, cols, rows } = message;
    if (attaching.attached(mode)) typing.controlLost();
    show({ type: 'attached', mode, output_offset, truncated, fresh, answered_offset, modes, cols, rows });
    enter({ at: 'attached', mode });
    drawing.attached(output_offset, liveness.attached(now.monotonic));
    if (mode === 'control' && (cols !== size.cols || rows !== size.rows)) tell({ type: 'resize', ...size });
    typing.attached({ mode, inputOffset: message.input_offset }, now);
    if (closing) askToEnd();
  };
  const detached = ({ reason }: Detached): void => {
    if (reason === 'taken') {
      typing.controlLost();
      attaching.giveUpControl();
    }
    if (reason === 'fault' || reason === 'late') retryAt = patience.refused(now.monotonic);
    interrupt(reason);
    pursue();
  };
  const refused = ({ code, message, reason }: Refusal): void => {
    const asked = attaching.stage !== 'none' && attaching.stage !== 'attached';
    if (code === 'session-ended')
      finish(exit ? ended(exit) : { at: 'ended', exitCode: null, reason: reason ?? 'closed' });
    else if (code === 'machine-offline' && attaching.openedBefore) askLater();
    else if (asked) finish({ at: 'failed', code, message });
  };
  /** The shell of an earlier, unanswered wish may run: the machine is waited for, as for an attach. */
  const askLater = (): void => {
    leave();
    retryAt = now.monotonic + ASK_AGAIN_MS;
    enter({ at: 'machine-away' });
  };
  /** What was sent last never came, in one direction or the other. */
  const isTailLost = ({ sent, received }: Probed): boolean =>
    (port?.ready === true && sent > (drawing.next ?? 0)) || (attaching.inControl && received < sentWhenProbed);
  const probed = (message: Probed): void => {
    const roundTrip = liveness.probed(now.monotonic);
    if (roundTrip === null) return;
    drawing.roundTrip(roundTrip);
    if (isTailLost(message)) return lostTail();
    if (attaching.inControl) typing.acked(message.taken, now);
    if (message.exit && exit === null) exited(message.exit);
  };
  const lostTail = (): void => {
    interrupt('gap');
    pursue();
  };
  const heard = (): void => {
    if (liveness.stalled) enter({ at: 'attached', mode: attaching.mode });
    liveness.heard(now.monotonic);
  };
  const ofAttachment = (message: OfAttachment): void => {
    if (attaching.stage !== 'attached') return; // of an attachment that is over
    heard();
    switch (message.type) {
      case 'moved':
        drawing.moved(message.output_offset);
        return show(message);
      case 'resized':
        return attaching.mode === 'view'
          ? show({ type: 'resized', cols: message.cols, rows: message.rows })
          : undefined;
      case 'probed':
        return probed(message);
      case 'exit': {
        const { type: _type, ...state } = message;
        return exited(state);
      }
    }
  };
  const opened = (session: string): void => {
    if (attaching.stage !== 'opening') return;
    leave();
    attaching.opened(session);
    effects.push({ do: 'session', sessionId: session });
    pursue();
  };
  const isAnswer = (n: number): boolean => attaching.isPresent(n) && attaching.stage !== 'attached';
  const waits = (): void => {
    attaching.waits();
    liveness.waiting(now.monotonic);
    enter({ at: 'machine-away' });
  };
  const receive = (message: ToClient): void => {
    switch (message.type) {
      case 'opened':
        return opened(message.session_id);
      case 'attached':
        return isAnswer(message.n) ? attached(message) : undefined;
      case 'waiting':
        return isAnswer(message.n) ? waits() : undefined;
      case 'detached':
        return attaching.isPresent(message.n) ? detached(message) : undefined;
      case 'error':
        return refused(message);
      case 'moved':
      case 'resized':
      case 'probed':
      case 'exit':
        return ofAttachment(message);
    }
  };
  const receiveFrame = (bytes: Uint8Array): void => {
    const decoded = decode(bytes);
    if (!decoded.ok || decoded.frame.channel !== 0) return redial('lost');
    const { frame } = decoded;
    if (attaching.stage !== 'attached') return; // of an attachment that is over: it will come again
    heard();
    if (frame.kind === 'input-ack') return typing.acked(frame.offset, now);
    if (!port?.ready) return; // the window that comes will say from where on it wants it
    const wrong = frame.kind === 'output' ? drawing.output(frame, bytes) : 'beyond';
    if (wrong === 'gap') lostTail();
    else if (wrong === 'beyond') redial('lost');
  };

  /** A window that begins, or lost something on its way: what was given to it before counts no more. */
  const windowBegins = (message: Extract<FromWindow, { type: 'attach' }>, to: Port): void => {
    to.ready = true;
    size = { cols: message.cols, rows: message.rows };
    drawing.begin(message.consumed);
    if (over) return exit ? show({ type: 'exit', ...exit }) : undefined;
    askAnew();
  };
  const askAnew = (): void => {
    if (attaching.stage !== 'opening') leave();
    pursue();
  };
  const resize = (to: { readonly cols: number; readonly rows: number }): void => {
    size = { cols: to.cols, rows: to.rows };
    if (attaching.inControl) tell({ type: 'resize', ...size });
  };
  const takeControl = (): void => {
    attaching.wantControl();
    askAnew();
  };
  const fromWindow = (message: FromWindow, from: Port): void => {
    switch (message.type) {
      case 'attach':
        return windowBegins(message, from);
      case 'resize':
        return resize(message);
      case 'visible':
        from.visible = message.visible;
        return undefined;
      case 'reply':
        if (attaching.inControl) drawing.ack();
        return typing.reply(new TextEncoder().encode(message.data), now);
      case 'kept':
        return typing.decide(message.send, now);
      case 'take':
        return takeControl();
      case 'retry':
        retryAt = Number.NEGATIVE_INFINITY;
        return pursue();
    }
  };
  const frameFromWindow = (bytes: Uint8Array, { openedAt }: Port): void => {
    const decoded = decode(bytes);
    if (!decoded.ok || over) return;
    const { frame } = decoded;
    if (frame.kind === 'input') typing.typed(frame.payload, momentOf(frame.typedAt, openedAt, now), now);
    if (frame.kind !== 'output-ack' || attaching.stage !== 'attached') return;
    drawing.drawn(frame.offset, now.monotonic);
    finishWhenDrawn();
  };

  const probe = (): void => {
    sentWhenProbed = typing.sent;
    tell({ type: 'probe', consumed: drawing.consumed, window: drawing.window, ...size });
  };
  const stall = (): void => {
    if (attaching.session !== null) enter({ at: 'reconnecting', why: 'stalled' });
  };
  const check = (): void => {
    const due = liveness.due(now.monotonic, matters());
    if (due === 'probe') probe();
    else if (due === 'stalled') stall();
    else if (due === 'redial') redial('stalled');
    else if (due === 'again') leave();
    else if (due === 'attach') interrupt('stalled');
  };
  const isPortless = (): boolean => port === null && link !== 'down' && attaching.session !== null && !closing;
  const tick = (): void => {
    if (over) return;
    if (now.monotonic >= closeBy) return finish({ at: 'ended', exitCode: null, reason: 'closed' });
    if (isPortless() && now.monotonic >= portlessSince + PORTLESS_MS) {
      interrupt('lost');
      return setLink('down');
    }
    check();
    pursue();
  };
  const deadlines = (): number[] => [
    liveness.deadline(matters()),
    closeBy,
    isPortless() ? portlessSince + PORTLESS_MS : Number.POSITIVE_INFINITY,
    attaching.stage === 'none' && link === 'up' && (port?.ready || closing || attaching.session === null)
      ? retryAt
      : Number.POSITIVE_INFINITY,
  ];
  /** Does something at a moment, and gives all that follows from it. */
  const at = (moment: Moment, act: () => void): Effects => {
    now = moment;
    act();
    const done = effects;
    effects = [];
    return done;
  };
  const withPort = (moment: Moment, act: (port: Port) => void): Effects => {
    const present = port;
    return present === null ? [] : at(moment, () => act(present));
  };

  return {
    start: (moment) =>
      at(moment, () => {
        portlessSince = moment.monotonic;
        enter({ at: 'opening' });
        setLink('up');
      }),
    connected: (moment) =>
      at(moment, () => {
        if (over) return;
        link = 'up';
        attaching.leave();
        pursue();
      }),
    disconnected: (moment) =>
      at(moment, () => {
        if (over || link !== 'up') return;
        link = 'dialling';
        interrupt('lost');
      }),
    receive: (message, moment) => at(moment, () => (over ? undefined : receive(message))),
    receiveFrame: (bytes, moment) => at(moment, () => (over ? undefined : receiveFrame(bytes))),

    portOpened: (moment) =>
      at(moment, () => {
        port = { openedAt: moment, ready: false, visible: true };
        show({ type: 'ready' });
        typing.newWindow();
        if (!over && link === 'down') setLink('up');
      }),
    portClosed: (moment) =>
      at(moment, () => {
        port = null;
        portlessSince = moment.monotonic;
      }),
    receiveFromWindow: (message, moment) => withPort(moment, (present) => fromWindow(message, present)),
    receiveFrameFromWindow: (bytes, moment) => withPort(moment, (present) => frameFromWindow(bytes, present)),

    close: (moment) =>
      at(moment, () => {
        if (over || closing) return;
        closing = true;
        if (!attaching.wasAsked) finish({ at: 'ended', exitCode: null, reason: 'closed' });
        else if (attaching.stage === 'attached') askToEnd();
        else if (link === 'down') setLink('up');
        else pursue();
      }),

    get deadline() {
      return over ? Number.POSITIVE_INFINITY : Math.min(...deadlines());
    },
    tick: (moment) => at(moment, tick),
  };
}

function ended({ exit_code, signal, reason }: ExitState): Phase {
  return { at: 'ended', exitCode: exit_code, reason, ...(signal === undefined ? {} : { signal }) };
}
