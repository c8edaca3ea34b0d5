/** All sessions of this agent and their one link to the service, as a pure machine: no clock, no socket, no PTY. */
import type { EndReason, HelloSession, ToAgent } from '../../protocol/wire/control.ts';
import { decode } from '../../protocol/wire/frame.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import { createSender } from '../sender.ts';
import type { Effect, Effects, Launch } from './effect.ts';
import { RING_BYTES, type OutputSizes } from './output.ts';
import { createSession, type Session } from './session.ts';

/** Messages of the service that concern sessions. */
export type SessionMessage = Extract<ToAgent, { type: 'open' | 'attach' | 'detach' | 'resize' | 'probe' | 'close' }>;

export interface Exchange {
  /** What `hello` says of the sessions. */
  hello(): HelloSession[];
  /** The service sent `welcome` on a new socket; the old one, if any, was told of by `linkLost`. */
  linkUp(now: Moment): Effects;
  linkLost(now: Moment): Effects;
  receive(message: SessionMessage, now: Moment): Effects;
  /** A binary message of the service; the bytes belong to the exchange from now on. */
  receiveFrame(bytes: Uint8Array, now: Moment): Effects;
  pong(id: number, now: Moment): Effects;

  started(session: string, now: Moment): Effects;
  refused(session: string, problem: { readonly code: string; readonly message?: string }, now: Moment): Effects;
  /** What the PTY said; copied, so the buffer may be used again. */
  output(session: string, bytes: Uint8Array, now: Moment): Effects;
  /** How much of the last `write` the PTY took. Less than all: say `writable` when it is worth trying again. */
  wrote(session: string, count: number, now: Moment): Effects;
  writable(session: string, now: Moment): Effects;
  /** The shell ended and its last output was told. */
  exited(session: string, exit: { readonly code: number | null; readonly signal?: string }, now: Moment): Effects;
  /** The person at this computer ends a session, or the agent stops. */
  end(session: string, reason: 'terminated' | 'closed', now: Moment): Effects;

  /** Call `tick` when the monotonic clock has reached this; it changes with any call. Infinity: nothing is due. */
  readonly deadline: number;
  tick(now: Moment): Effects;
}

interface Held {
  readonly session: Session;
  /** The shell runs: an `open` that is repeated is answered at once. */
  started: boolean;
}

export function createExchange(sizes: OutputSizes = { ringBytes: RING_BYTES }): Exchange {
  const sessions = new Map<string, Held>();
  const channels = new Map<number, Session>();
  const sender = createSender();
  let up = false;
  let effects: Effect[] = [];
  let now: Moment = { monotonic: 0, wall: 0 };
  let deadline = Number.POSITIVE_INFINITY;

  const perform = (effect: Effect): void => {
    if (up || isOfPty(effect)) effects.push(effect);
  };
  const sendFrame = (channel: number, bytes: number): void => {
    const sent = channels.get(channel)?.sendNext(channel, bytes, now) ?? 0;
    if (sent === 0) sender.withdraw(channel);
    else sender.sent(channel, sent, now.monotonic);
  };
  const drain = (): void => {
    if (!up) return;
    for (let turn = sender.next(now.monotonic); turn !== null; turn = sender.next(now.monotonic)) {
      if (turn.do === 'ping') effects.push(turn);
      else sendFrame(turn.channel, turn.bytes);
    }
  };
  /** Does something at a moment, and gives all that follows from it. */
  const at = (moment: Moment, act: () => void): Effects => {
    now = moment;
    act();
    drain();
    const done = effects;
    effects = [];
    return done;
  };
  const to = (id: string, moment: Moment, act: (session: Session) => void): Effects => {
    const session = sessions.get(id)?.session;
    return session === undefined ? [] : at(moment, () => touch(session, act));
  };
  const touch = (session: Session, act: (session: Session) => void): void => {
    act(session);
    deadline = Math.min(deadline, session.deadline(now));
  };
  const withdraw = (channel: number): void => {
    channels.delete(channel);
    sender.withdraw(channel);
  };
  const end = (id: string, reason: EndReason): void => {
    const session = sessions.get(id)?.session;
    if (session === undefined) return;
    session.end(reason);
    forget(id, session);
  };
  const forget = (id: string, session: Session): void => {
    sessions.delete(id);
    for (const [channel, owner] of channels) if (owner === session) withdraw(channel);
    deadline = Math.min(Number.POSITIVE_INFINITY, ...[...sessions.values()].map((held) => held.session.deadline(now)));
  };
  const open = (launch: Launch): void => {
    const held = sessions.get(launch.session_id);
    if (held?.started) perform({ do: 'tell', message: { type: 'opened', session_id: launch.session_id } });
    if (held !== undefined) return;
    const offer = (channel: number, bytes: number): void => sender.offer(channel, bytes, now.monotonic);
    const session = createSession(launch, { perform, offer, withdraw }, sizes, now);
    sessions.set(launch.session_id, { session, started: false });
    perform({ do: 'start', session: launch.session_id, launch });
    touch(session, () => {});
  };
  const attach = (message: Extract<SessionMessage, { type: 'attach' }>): void => {
    const { session_id, channel } = message;
    const session = sessions.get(session_id)?.session;
    if (session === undefined)
      return perform({ do: 'tell', message: { type: 'unknown-session', session_id, channel } });
    channels.set(channel, session);
    touch(session, () => session.attach(message, now));
  };
  const ofChannel = (channel: number, act: (session: Session) => void): void => {
    const session = channels.get(channel);
    if (session?.has(channel)) touch(session, act); // else it crossed the end of the channel on the wire
  };
  const ofService = (message: SessionMessage): void => {
    switch (message.type) {
      case 'open':
        return open(message);
      case 'attach':
        return attach(message);
      case 'close':
        return end(message.session_id, message.reason);
      case 'detach':
        return ofChannel(message.channel, (session) => session.detach(message.channel, now));
      case 'resize':
        return ofChannel(message.channel, (session) => session.resize(message.channel, message));
      case 'probe':
        return ofChannel(message.channel, (session) => session.probe(message));
    }
  };
  const frameOfService = (bytes: Uint8Array): void => {
    const decoded = decode(bytes);
    if (!decoded.ok) return perform({ do: 'refuse', code: decoded.code });
    const { frame } = decoded;
    if (frame.kind === 'input') ofChannel(frame.channel, (session) => session.input(frame, now));
    else if (frame.kind === 'output-ack') ofChannel(frame.channel, (session) => session.ack(frame, now));
    else perform({ do: 'refuse', code: 'wrong-direction' });
  };
  const tick = (): void => {
    deadline = Number.POSITIVE_INFINITY;
    for (const [id, { session }] of sessions) {
      const over = session.tick(now);
      if (over === null) touch(session, () => {});
      else end(id, over);
    }
  };

  return {
    hello: () => [...sessions.values()].map(({ session }) => session.hello()),
    linkUp: (moment) =>
      at(moment, () => {
        sender.reset(moment.monotonic);
        up = true;
      }),
    linkLost: (moment) =>
      at(moment, () => {
        up = false;
        channels.clear();
        for (const { session } of sessions.values()) touch(session, () => session.linkLost(moment));
      }),
    receive: (message, moment) => at(moment, () => ofService(message)),
    receiveFrame: (bytes, moment) => at(moment, () => frameOfService(bytes)),
    pong: (id, moment) => at(moment, () => sender.pong(id, moment.monotonic)),

    started: (id, moment) =>
      at(moment, () => {
        const held = sessions.get(id);
        if (held === undefined) return;
        held.started = true;
        perform({ do: 'tell', message: { type: 'opened', session_id: id } });
      }),
    refused: (id, { code, message }, moment) =>
      at(moment, () => {
        const session = sessions.get(id)?.session;
        if (session === undefined) return;
        const why = message === undefined ? {} : { message };
        perform({ do: 'tell', message: { type: 'refused', session_id: id, code, ...why } });
        forget(id, session);
      }),
    output: (id, bytes, moment) => to(id, moment, (session) => session.output(bytes, moment)),
    wrote: (id, count, moment) => to(id, moment, (session) => session.wrote(count, moment)),
    writable: (id, moment) => to(id, moment, (session) => session.writable()),
    exited: (id, { code, signal }, moment) => to(id, moment, (session) => session.exited(code, signal, moment)),
    end: (id, reason, moment) => at(moment, () => end(id, reason)),

    get deadline() {
      return Math.min(deadline, up ? sender.deadline : Number.POSITIVE_INFINITY);
    },
    tick: (moment) => at(moment, tick),
  };
}

function isOfPty(effect: Effect): boolean {
  return 'session' in effect;
}
