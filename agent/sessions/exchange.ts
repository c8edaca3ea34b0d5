/** All sessions of this agent and their one link to the service, as a pure machine: no clock, no socket, no PTY. */
import type { HelloSession, ToAgent } from '../../protocol/wire/control.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { Effects } from './effect.ts';

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
