/**
 * One session: a shell, its bytes and whoever is attached to it. The authority on offsets, credit, control and the end.
 *
 *                    lost               its time to live is over
 *   controlled ──────────────> free ──────────────────────────────> ended <──┐
 *      │  ^        attach       │                                     ^      │ closed,
 *      │  └─────────────────────┤ exited             10 min are over  │      │ from any
 *      └──────── exited ────────┴────────────> exited ────────────────┘──────┘
 */
import type { EndReason, ExitState, FromAgent, HelloSession, ToAgent } from '../../protocol/wire/control.ts';
import { limitOf } from '../../protocol/wire/credit.ts';
import { encode, type Input, type OutputAck } from '../../protocol/wire/frame.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { Effect, Launch } from './effect.ts';
import { createInput, type InputFault } from './input.ts';
import { createOutput, type OutputPorts, type OutputSizes } from './output.ts';

const KEPT_AFTER_EXIT_MS = 10 * 60_000;

type Attach = Extract<ToAgent, { type: 'attach' }>;
type Probe = Extract<ToAgent, { type: 'probe' }>;
interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** What a session asks of the exchange it belongs to. */
export interface SessionPorts extends Pick<OutputPorts, 'offer' | 'withdraw'> {
  perform(effect: Effect): void;
}

export interface Session {
  hello(): HelloSession;
  attach(message: Attach, now: Moment): void;
  /** The client in control, or a viewer, is gone. */
  detach(channel: number, now: Moment): void;
  resize(channel: number, size: Size): void;
  probe(message: Probe): void;
  input(frame: Input, now: Moment): void;
  ack(frame: OutputAck, now: Moment): void;
  has(channel: number): boolean;
  /** Sends the next output of a channel, at most so many bytes; gives the size of the frame, 0 when there is none. */
  sendNext(channel: number, most: number, now: Moment): number;
  linkLost(now: Moment): void;

  output(bytes: Uint8Array, now: Moment): void;
  wrote(count: number, now: Moment): void;
  writable(): void;
  exited(code: number | null, signal: string | undefined, now: Moment): void;
  /** Ends it: tells so and frees what it has. */
  end(reason: EndReason): void;

  deadline(now: Moment): number;
  /** Gives the reason when its time is over; the caller then ends it. */
  tick(now: Moment): EndReason | null;
}

type Fault = InputFault | 'not-in-control' | 'offset-out-of-range' | 'overrun';

/** What is wrong with an attach, if anything. */
function faultOf({ mode, client, want, from, consumed }: Attach, head: number): string | null {
  if (mode === 'control' && client === undefined) return 'client-missing';
  return Math.max(want ?? 0, from ?? 0, consumed ?? 0) > head ? 'offset-out-of-range' : null;
}

export function createSession(launch: Launch, ports: SessionPorts, sizes: OutputSizes, now: Moment): Session {
  const id = launch.session_id;
  const input = createInput();
  const tell = (message: FromAgent): void => ports.perform({ do: 'tell', message });
  const output = createOutput(
    {
      offer: ports.offer,
      withdraw: ports.withdraw,
      tell,
      send: (frame) => ports.perform({ do: 'send', frame }),
      read: (on) => ports.perform({ do: 'read', session: id, on }),
      marked: (content) => ports.perform({ do: 'mark', session: id, content }),
    },
    sizes,
  );
  let size: Size = { cols: launch.cols, rows: launch.rows };
  let client: string | null = null;
  let controlled = false;
  let answered = 0;
  let exit: ExitState | null = null;
  let until = now.monotonic + launch.ttl_s * 1000;

  const setSize = ({ cols, rows }: Size): void => {
    if (exit !== null || (cols === size.cols && rows === size.rows)) return;
    size = { cols, rows };
    ports.perform({ do: 'resize', session: id, cols, rows });
    output.note({ type: 'resized', cols, rows, output_offset: output.head });
  };
  const write = (): void => {
    const bytes = input.next();
    if (bytes !== null) ports.perform({ do: 'write', session: id, bytes });
  };
  const ackInput = (): void => {
    if (output.main !== null && controlled)
      ports.perform({ do: 'send', frame: encode({ kind: 'input-ack', channel: output.main, offset: input.taken }) });
    input.acked();
  };
  const free = (at: Moment): void => {
    if (!controlled) return;
    controlled = false;
    output.clientLost(at.monotonic);
    if (exit === null) until = at.monotonic + launch.ttl_s * 1000;
  };
  const refuse = (channel: number, fault: Fault, at: Moment): void => {
    const late = fault === 'late';
    tell({ type: 'detached', channel, ...(late ? { reason: 'late' } : { reason: 'fault', code: fault }) });
    if (channel === output.main) free(at);
    else output.detachView(channel);
  };

  const control = (message: Attach, at: Moment): number => {
    if (message.mode !== 'control' || message.client === undefined) return 0;
    client = message.client;
    controlled = true;
    answered = Math.max(answered, message.consumed ?? 0);
    if (exit === null) until = Number.POSITIVE_INFINITY;
    setSize(message);
    return input.attach(message.client, at);
  };
  const answer = (message: Attach, begins: Checkpoint, inputOffset: number): void => {
    const oldest = output.beginning(null).offset;
    tell({
      type: 'attached',
      channel: message.channel,
      output_offset: begins.offset,
      oldest,
      head: output.head,
      input_offset: inputOffset,
      answered_offset: answered,
      modes: begins.modes,
      ...size,
    });
  };
  const attachMain = (message: Attach, at: Moment): void => {
    const begins = output.beginning(message.mode === 'record' ? message.from : message.want);
    const cursor = Math.min(output.beginning(message.from).offset, begins.offset);
    const limit = limitOf({ consumed: message.consumed ?? begins.offset, window: message.window });
    const inputOffset = control(message, at);
    answer(message, begins, inputOffset);
    output.attachMain({ id: message.channel, cursor, limit }, message.mode === 'control', at.monotonic);
  };
  const attachView = (message: Attach): void => {
    const begins = message.want === null ? output.recent() : output.beginning(message.want);
    answer(message, begins, 0);
    const limit = limitOf({ consumed: message.consumed ?? begins.offset, window: message.window });
    output.attachView({ id: message.channel, cursor: begins.offset, limit });
  };

  return {
    hello: () => ({ session_id: id, output_offset: output.head, client, exited: exit !== null }),
    attach(message, at) {
      const code = faultOf(message, output.head);
      if (code !== null) tell({ type: 'detached', channel: message.channel, reason: 'fault', code });
      else if (message.mode === 'view') attachView(message);
      else attachMain(message, at);
    },
    detach(channel, at) {
      if (channel === output.main) free(at);
      else output.detachView(channel);
    },
    resize(channel, to) {
      if (channel === output.main && controlled) setSize(to);
    },
    probe({ channel, cols, rows }) {
      const inControl = channel === output.main && controlled;
      if (inControl) setSize({ cols, rows });
      const sent = output.sent(channel);
      tell({
        type: 'probed',
        channel,
        sent,
        taken: inControl ? input.taken : 0,
        received: inControl ? input.received : 0,
        ...size,
        ...(exit !== null && sent === output.head ? { exit } : {}),
      });
    },
    input(frame, at) {
      if (frame.channel !== output.main) return refuse(frame.channel, 'not-in-control', at);
      if (!controlled) return; // it crossed the end of control on the wire
      const fault = input.receive(frame, at);
      if (fault === null) write();
      else refuse(frame.channel, fault, at);
    },
    ack(frame, at) {
      if (frame.offset > output.sent(frame.channel) && controlled)
        return refuse(frame.channel, 'offset-out-of-range', at);
      if (frame.channel === output.main && controlled) answered = Math.max(answered, frame.offset);
      output.grant(frame.channel, limitOf({ consumed: frame.offset, window: frame.window }), at.monotonic);
    },
    has: (channel) => output.has(channel),
    sendNext: (channel, most, at) => output.sendNext(channel, most, at.monotonic),
    linkLost(at) {
      free(at);
      output.linkLost(at.monotonic);
    },

    output(bytes, at) {
      if (output.write(bytes, at.monotonic) || output.main === null) return;
      refuse(output.main, 'overrun', at);
      output.detachMain();
    },
    wrote(count, at) {
      input.wrote(count, at);
      if (input.ackDue <= at.monotonic) ackInput();
      write();
    },
    writable() {
      input.writable();
      write();
    },
    exited(code, signal, at) {
      if (exit !== null) return;
      exit = {
        exit_code: code,
        ...(signal === undefined ? {} : { signal }),
        reason: 'exited',
        output_offset: output.head,
      };
      input.end();
      until = at.monotonic + KEPT_AFTER_EXIT_MS;
      output.note({ type: 'exit', ...exit });
    },
    end(reason) {
      ports.perform({ do: 'kill', session: id });
      tell({ type: 'ended', session_id: id, reason, output_offset: output.head });
    },

    deadline: (at) => Math.min(until, input.ackDue, output.deadline(at.monotonic)),
    tick(at) {
      if (at.monotonic >= until) return exit === null ? 'expired' : 'exited';
      if (input.ackDue <= at.monotonic) ackInput();
      output.review(at.monotonic);
      return null;
    },
  };
}
