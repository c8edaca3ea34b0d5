/** The meeting of one agent's link with the sockets of its clients, as a pure machine: no clock, no socket, no store. */
import type {
  EndReason,
  FromAgent,
  FromClient,
  HelloSession,
  ToAgent,
  ToClient,
} from '../../../protocol/wire/control.ts';
import { decode } from '../../../protocol/wire/frame.ts';
import type { Grant } from '../../../protocol/wire/credit.ts';
import type { Told } from '../recordings/recording.ts';
import { type Attachments, createAttachments, type Size } from './attachments.ts';
import type { Client } from './client.ts';
import { createOpenings } from './openings.ts';
import { CLOSE, refusal } from './refusals.ts';

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
    }
  /** For the recorder; the bytes are to be read only. */
  | { readonly do: 'record'; readonly session: string; readonly what: Told };
export type Effects = readonly Effect[];

export type Open = Extract<ToAgent, { type: 'open' }>;
export type Attach = Extract<FromClient, { type: 'attach' }>;
/** Messages that act on what the socket has attached. */
export type OfAttachment = Extract<FromClient, { type: 'resize' | 'close' | 'probe' }>;
/** Messages of the agent that concern sessions. */
export type OfSession = Exclude<FromAgent, { type: 'hello' | 'heartbeat' | 'goodbye' | 'command' | 'exec_result' }>;

/** One session of the agent's hello, with what the store says of it: `keep` it, or it was ended or never stored. */
export interface Reported {
  readonly session: HelloSession;
  readonly verdict: 'keep' | EndReason;
  /** How far its recording goes; null: it is not recorded. */
  readonly recorded: number | null;
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
  /** How far its recorder lets the producer go; null: it holds nobody. */
  recorderGranted(session: string, grant: Grant | null): Effects;
}

/** Of a session that was there before this service, until its agent answers. */
const UNKNOWN_SIZE: Size = { cols: 80, rows: 24 };

/** `records`: whether new sessions are. */
export function createBroker({ records }: { readonly records: boolean }): Broker {
  const clients = new Map<Connection, Client>();
  const sessions = new Map<string, Attachments>();
  /** Over for everybody but their recorders, until the agent says that nothing comes any more. */
  const closing = new Map<string, Attachments>();
  const openings = createOpenings();
  const channels = new Map<number, string>();
  /** Attaches that wait for the agent. */
  const waiting = new Map<Client, { readonly request: Attach; readonly owner: boolean }>();
  let connections = 0;
  let lastChannel = 0;
  let ready = false;
  let effects: Effect[] = [];

  const did = (): Effects => {
    const done = effects;
    effects = [];
    return done;
  };
  const tell = ({ connection }: Client, message: ToClient): void => {
    effects.push({ do: 'tell-client', to: connection, message });
  };
  const tellAgent = (message: ToAgent): void => {
    if (ready) effects.push({ do: 'tell-agent', message });
  };
  const session = (id: string, size: Size): Attachments => {
    const known = sessions.get(id);
    if (known !== undefined) return known;
    const made = createAttachments(id, size, {
      newChannel() {
        lastChannel += 1;
        channels.set(lastChannel, id);
        return lastChannel;
      },
      forgetChannel: (channel) => channels.delete(channel),
      tellClient: tell,
      frameToClient: ({ connection }, frame) => effects.push({ do: 'frame-to-client', to: connection, frame }),
      tellAgent,
      frameToAgent(frame) {
        if (ready) effects.push({ do: 'frame-to-agent', frame });
      },
      changed: (attached, { cols, rows }) => effects.push({ do: 'session-changed', session: id, attached, cols, rows }),
      exited: (exitCode) => effects.push({ do: 'session-ended', session: id, reason: 'exited', exitCode }),
      record: (what) => effects.push({ do: 'record', session: id, what }),
    });
    sessions.set(id, made);
    return made;
  };
  const sessionOf = (client: Client): Attachments | undefined =>
    client.session === null ? undefined : sessions.get(client.session);
  const onChannel = (channel: number): Attachments | undefined => {
    const id = channels.get(channel) ?? '';
    return sessions.get(id) ?? closing.get(id);
  };
  const over = (id: string, reason: EndReason): void => {
    const ended = sessions.get(id);
    sessions.delete(id);
    if (ended?.end(reason)) closing.set(id, ended);
    else ended?.close(null);
    for (const [client, { request }] of waiting) {
      if (request.session_id !== id) continue;
      waiting.delete(client);
      tell(client, { ...refusal('session-ended'), reason });
    }
  };
  const drop = (client: Client, now: number): void => {
    clients.delete(client.connection);
    waiting.delete(client);
    openings.forget(client);
    sessionOf(client)?.leave(client, now);
  };
  const close = (client: Client, code: number, reason: string): void => {
    effects.push({ do: 'close-client', connection: client.connection, code, reason });
  };

  const wait = (client: Client, request: Attach, owner: boolean): void => {
    waiting.set(client, { request, owner });
    tell(client, { type: 'waiting', n: request.n });
  };
  const attach = (client: Client, request: Attach, owner: boolean, now: number): void => {
    const wanted = sessions.get(request.session_id);
    if (client.session !== request.session_id) sessionOf(client)?.leave(client, now);
    client.session = request.session_id;
    if (!ready) wait(client, request, owner);
    else if (wanted === undefined) tell(client, refusal('session-ended'));
    else wanted.attach(client, request, owner, now);
  };
  /** Its newer socket is the one that counts: what the older one still has to say is not heard. */
  const closeOlder = (client: Client, now: number): void => {
    for (const older of clients.values()) {
      if (older === client || older.id !== client.id) continue;
      drop(older, now);
      close(older, CLOSE.taken, 'newer-socket');
    }
  };
  const opened = (id: string, outputOffset: number, now: number): void => {
    const asked = openings.settle(id);
    if (asked === null) return;
    effects.push({ do: 'session-opened', session: id });
    const { cols, rows } = asked.open;
    if (records) effects.push({ do: 'record', session: id, what: { is: 'opened', cols, rows } });
    session(id, { cols, rows }).adopt({ output_offset: outputOffset, client: null }, records ? 0 : null, now);
    for (const client of asked.clients) tell(client, { type: 'opened', session_id: id });
  };
  const notOpened = ({ session_id: id, code, message }: Extract<OfSession, { type: 'refused' }>): void => {
    const asked = openings.settle(id);
    if (asked === null) return;
    effects.push({ do: 'session-refused', session: id, code });
    for (const client of asked.clients)
      tell(client, { type: 'error', code, message: message ?? 'The shell could not be started.' });
  };
  const adopt = ({ session: reported, verdict, recorded }: Reported, now: number): void => {
    const { session_id: id } = reported;
    if (verdict !== 'keep') {
      tellAgent({ type: 'close', session_id: id, reason: verdict });
      const isOurs = recorded === null || sessions.has(id);
      if (!isOurs) effects.push({ do: 'record', session: id, what: { is: 'ended', offset: null } });
      return over(id, verdict);
    }
    if (openings.has(id)) opened(id, reported.output_offset, now);
    else session(id, UNKNOWN_SIZE).adopt(reported, recorded, now);
  };
  const ofSession = (message: OfSession, now: number): void => {
    switch (message.type) {
      case 'opened':
        return opened(message.session_id, 0, now);
      case 'refused':
        return notOpened(message);
      case 'unknown-session':
        ended(message.session_id, 'agent-gone');
        return closed(message.session_id, null);
      case 'ended':
        ended(message.session_id, message.reason);
        return closed(message.session_id, message.output_offset ?? null);
      case 'attached':
      case 'detached':
      case 'moved':
      case 'resized':
      case 'probed':
      case 'exit':
        return onChannel(message.channel)?.message(message, now);
    }
  };
  const ended = (id: string, reason: EndReason): void => {
    if (!sessions.has(id)) return;
    effects.push({ do: 'session-ended', session: id, reason, exitCode: null });
    over(id, reason);
  };
  const closed = (id: string, outputOffset: number | null): void => {
    closing.get(id)?.close(outputOffset);
    closing.delete(id);
  };
  const refuse = (client: Client, now: number): void => {
    tell(client, refusal('bad-frame'));
    drop(client, now);
    close(client, CLOSE.badInput, 'bad-frame');
  };
  const frameOfClient = (client: Client, bytes: Uint8Array, now: number): void => {
    const decoded = decode(bytes);
    if (!decoded.ok) return refuse(client, now);
    const { frame } = decoded;
    const attached = sessionOf(client);
    if (frame.channel !== 0) attached?.fault(client, 'wrong-channel', now);
    else if (frame.kind === 'input') attached?.input(client, bytes);
    else if (frame.kind === 'output-ack') attached?.ack(client, { consumed: frame.offset, window: frame.window }, now);
    else attached?.fault(client, 'wrong-direction', now);
  };
  const frameOfAgent = (bytes: Uint8Array, now: number): void => {
    const decoded = decode(bytes);
    if (!decoded.ok) return void effects.push({ do: 'refuse-agent', code: decoded.code });
    const { frame } = decoded;
    if (frame.channel > lastChannel) return void effects.push({ do: 'refuse-agent', code: 'wrong-channel' });
    const attached = onChannel(frame.channel);
    if (frame.kind === 'output') attached?.output(frame, bytes, now);
    else if (frame.kind === 'input-ack') attached?.inputAck(frame, bytes);
    else effects.push({ do: 'refuse-agent', code: 'wrong-direction' });
  };
  const withClient = (connection: Connection, act: (client: Client) => void): Effects => {
    const client = clients.get(connection);
    if (client !== undefined) act(client);
    return did();
  };

  return {
    connect() {
      connections += 1;
      clients.set(connections, { connection: connections, id: null, session: null, attachment: null });
      return connections;
    },
    disconnected: (connection, now) => withClient(connection, (client) => drop(client, now)),
    open: (connection, open) =>
      withClient(connection, (client) => {
        const { session_id: id } = open;
        if (!ready) return tell(client, refusal('machine-offline'));
        if (sessions.has(id)) return tell(client, { type: 'opened', session_id: id });
        if (openings.ask(open, client)) tellAgent(open);
      }),
    attach: (connection, request, owner, now) =>
      withClient(connection, (client) => {
        client.id = request.client;
        closeOlder(client, now);
        attach(client, request, owner, now);
      }),
    receive: (connection, message, now) =>
      withClient(connection, (client) => {
        const attached = sessionOf(client);
        if (message.type === 'resize') attached?.resize(client, message);
        else if (message.type === 'probe') attached?.probe(client, message, now);
        else if (attached?.inControl(client) && client.session !== null) {
          tellAgent({ type: 'close', session_id: client.session, reason: 'closed' });
          ended(client.session, 'closed');
        }
      }),
    receiveFrame: (connection, bytes, now) => withClient(connection, (client) => frameOfClient(client, bytes, now)),

    agentReady(reported, now) {
      ready = true;
      const there = new Set(reported.map(({ session: { session_id: id } }) => id));
      for (const id of sessions.keys()) if (!there.has(id)) ended(id, 'agent-gone');
      for (const each of reported) adopt(each, now);
      for (const open of openings.pending()) tellAgent(open);
      const asked = [...waiting];
      waiting.clear();
      for (const [client, { request, owner }] of asked) attach(client, request, owner, now);
      return did();
    },
    agentLost(now) {
      ready = false;
      for (const attached of sessions.values())
        for (const { client, request, owner } of attached.agentLost(now)) wait(client, request, owner);
      for (const id of closing.keys()) closed(id, null);
      channels.clear();
      return did();
    },
    receiveFromAgent(message, now) {
      ofSession(message, now);
      return did();
    },
    receiveFrameFromAgent(bytes, now) {
      frameOfAgent(bytes, now);
      return did();
    },
    end(id, reason) {
      tellAgent({ type: 'close', session_id: id, reason });
      over(id, reason);
      openings.settle(id);
      return did();
    },
    recorderGranted(id, grant) {
      sessions.get(id)?.recorderGranted(grant);
      return did();
    },
  };
}
