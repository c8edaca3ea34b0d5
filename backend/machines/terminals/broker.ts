/** The meeting of one agent's link with the sockets of its clients, as a pure machine: no clock, no socket, no store. */
import type { EndReason, FromClient, HelloSession, ToAgent, ToClient } from '../../../protocol/wire/control.ts';
import type { FromAgent } from '../../../protocol/wire/control.ts';

/** A client's socket, as the broker numbers them. */
export type Connection = number;

export type Effect =
  | { readonly do: 'tell-client'; readonly to: Connection; readonly message: ToClient }
  /** The bytes are the socket's from now on. */
  | { readonly do: 'frame-to-client'; readonly to: Connection; readonly frame: Uint8Array }
  /** Close the socket. The broker has forgotten it already: `disconnected` need not be told. */
  | { readonly do: 'close-client'; readonly connection: Connection; readonly code: number; readonly reason: string }
  | { readonly do: 'tell-agent'; readonly message: ToAgent }
  | { readonly do: 'frame-to-agent'; readonly frame: Uint8Array }
  /** The agent broke the framing: tell it `error` with this code, close its socket with 1008, then tell `agentLost`. */
  | { readonly do: 'refuse-agent'; readonly code: string }
  /** The agent runs the shell. */
  | { readonly do: 'session-opened'; readonly session: string }
  /** The agent could not start the shell: no session came to be. The clients that asked were told. */
  | { readonly do: 'session-refused'; readonly session: string; readonly code: string }
  /** To be stored; the first reason stands. */
  | {
      readonly do: 'session-ended';
      readonly session: string;
      readonly reason: EndReason;
      readonly exitCode: number | null;
    }
  /** For the lists: whether somebody controls or views it, and its size. */
  | {
      readonly do: 'session-changed';
      readonly session: string;
      readonly attached: boolean;
      readonly cols: number;
      readonly rows: number;
    };
export type Effects = readonly Effect[];

export type Open = Extract<ToAgent, { type: 'open' }>;
export type Attach = Extract<FromClient, { type: 'attach' }>;
/** Messages that act on what the socket has attached. */
export type OfAttachment = Extract<FromClient, { type: 'resize' | 'close' | 'probe' }>;
/** Messages of the agent that concern sessions. */
export type OfSession = Exclude<FromAgent, { type: 'hello' | 'heartbeat' | 'goodbye' }>;

/** One session of the agent's hello, with what the store says of it: `keep` it, or it was ended or never stored. */
export interface Reported {
  readonly session: HelloSession;
  readonly verdict: 'keep' | EndReason;
}

export interface Broker {
  /** A client's socket is open. */
  connect(): Connection;
  disconnected(connection: Connection, now: number): Effects;
  /** The session was stored, or found under its `open_id`: ask for its shell, or tell that it is there. */
  open(connection: Connection, open: Open, now: number): Effects;
  /** The caller may have the session: its owner controls, others only view. */
  attach(connection: Connection, attach: Attach, owner: boolean, now: number): Effects;
  receive(connection: Connection, message: OfAttachment, now: number): Effects;
  /** A binary message of the client; the bytes belong to the broker from now on. */
  receiveFrame(connection: Connection, bytes: Uint8Array, now: number): Effects;

  /** The agent said hello and was welcomed. */
  agentReady(sessions: readonly Reported[], now: number): Effects;
  agentLost(now: number): Effects;
  receiveFromAgent(message: OfSession, now: number): Effects;
  /** A binary message of the agent; the bytes belong to the broker from now on. */
  receiveFrameFromAgent(bytes: Uint8Array, now: number): Effects;

  /** Someone who may ends a session (it is stored already), or its access was lost. */
  end(session: string, reason: EndReason, now: number): Effects;
}
