/** Where the socket of one agent and those of its clients meet: performs, in order, what the broker decides. */
import type { EndReason, ToAgent, ToClient } from '../../../protocol/wire/control.ts';
import { HEADER_BYTES } from '../../../protocol/wire/frame.ts';
import type { Live } from '../session-shape.ts';
import type { Grant } from '../../../protocol/wire/credit.ts';
import type { Told } from '../recordings/recording.ts';
import { createBroker, type Attach, type Connection, type Effect, type Effects } from './broker.ts';
import type { OfAttachment, OfSession, Open, Reported } from './broker.ts';

/** A client's side of its socket, whichever dialect it speaks. */
export interface ClientSink {
  tell(message: ToClient): void;
  /** The bytes are the sink's. */
  frame(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}
/** The service's side of the agent's socket. */
export interface AgentSink {
  tell(message: ToAgent): void;
  frame(bytes: Uint8Array): void;
  /** It broke the framing: told, and closed. */
  refuse(code: string): void;
}
/** Where it is written down what becomes of sessions. */
export interface Ledger {
  opened(sessionId: string): void;
  refused(sessionId: string, code: string): void;
  ended(
    sessionId: string,
    end: { readonly reason: EndReason; readonly exitCode: number | null },
    last: Live | undefined,
  ): void;
  changed(sessionId: string): void;
}
/** Where the output of sessions is kept. */
export interface HubRecorder {
  tell(sessionId: string, what: Told): void;
}
export interface Meter {
  relayed(direction: 'output' | 'input', bytes: number): void;
}

export interface Hub {
  /** The agent is there, proven, and what it reported is settled. */
  readonly isReady: boolean;
  /** Nobody is connected and no session lives: it can be forgotten. */
  readonly isIdle: boolean;
  readonly live: ReadonlyMap<string, Live>;

  connect(sink: ClientSink): Connection;
  disconnected(connection: Connection): void;
  /** A session is being stored: a hello that does not list it yet is no proof that it is gone. */
  willOpen(sessionId: string): void;
  wontOpen(sessionId: string): void;
  open(connection: Connection, open: Open): void;
  attach(connection: Connection, attach: Attach, isOwner: boolean): void;
  receive(connection: Connection, message: OfAttachment): void;
  receiveFrame(connection: Connection, bytes: Uint8Array): void;

  /** Whether the agent was asked, or is about to be, for this session's shell. */
  isOpening(sessionId: string): boolean;
  /** Its hello is being compared with the store; what ends meanwhile counts. Call what this gives when that is over. */
  agentComing(): () => void;
  agentReady(sink: AgentSink, reported: readonly Reported[]): void;
  agentLost(): void;
  fromAgent(message: OfSession): void;
  frameFromAgent(bytes: Uint8Array): void;
  end(sessionId: string, reason: EndReason): void;
  recorderGranted(sessionId: string, grant: Grant | null): void;
}
interface Parts {
  readonly ledger: Ledger;
  readonly recorder: HubRecorder;
  /** Whether new sessions are recorded. */
  readonly records: boolean;
  readonly meter: Meter;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
}

interface Client {
  readonly sink: ClientSink;
  sessionId: string | null;
}

export function createHub({ ledger, recorder, records, meter, monotonic }: Parts): Hub {
  const broker = createBroker({ records });
  const clients = new Map<Connection, Client>();
  const live = new Map<string, { -readonly [K in keyof Live]: Live[K] }>();
  const opening = new Set<string>();
  /** Ended while a hello was compared with the store, which may have been read too early for these. */
  const endedMeanwhile = new Map<string, EndReason>();
  let coming = 0;
  let agent: AgentSink | null = null;

  const act = inTurn(perform);
  function perform(effect: Effect): void {
    switch (effect.do) {
      case 'tell-client':
        return tellClient(effect.to, effect.message);
      case 'frame-to-client':
        return frameToClient(effect.to, effect.frame);
      case 'close-client': {
        const client = clients.get(effect.connection);
        clients.delete(effect.connection);
        return client?.sink.close(effect.code, effect.reason);
      }
      case 'tell-agent':
        return agent?.tell(effect.message);
      case 'frame-to-agent':
        meter.relayed('input', effect.frame.length - HEADER_BYTES);
        return agent?.frame(effect.frame);
      case 'refuse-agent':
        return agent?.refuse(effect.code);
      case 'session-opened':
        opening.delete(effect.session);
        live.set(effect.session, { attached: false, size: null, bytesOut: 0 });
        return ledger.opened(effect.session);
      case 'session-refused':
        opening.delete(effect.session);
        return ledger.refused(effect.session, effect.code);
      case 'session-ended': {
        opening.delete(effect.session);
        const last = live.get(effect.session);
        live.delete(effect.session);
        return ledger.ended(effect.session, effect, last);
      }
      case 'record':
        return record(effect.session, effect.what);
      case 'session-changed': {
        const { attached, cols, rows } = effect;
        const bytesOut = live.get(effect.session)?.bytesOut ?? 0;
        live.set(effect.session, { attached, size: { cols, rows }, bytesOut });
        return ledger.changed(effect.session);
      }
    }
  }

  function tellClient(to: Connection, message: ToClient): void {
    const client = clients.get(to);
    if (!client) return;
    if (message.type === 'attached') sawOutput(client, message.head);
    client.sink.tell(message);
  }
  function frameToClient(to: Connection, frame: Uint8Array): void {
    const client = clients.get(to);
    if (!client) return;
    if (frame[0] === OUTPUT) {
      meter.relayed('output', frame.length - HEADER_BYTES);
      sawOutput(client, endOf(frame));
    }
    client.sink.frame(frame);
  }
  function record(sessionId: string, what: Told): void {
    if (what.is === 'output') sawOutput({ sessionId }, what.offset + what.bytes.length);
    recorder.tell(sessionId, what);
  }
  function sawOutput({ sessionId }: Pick<Client, 'sessionId'>, end: number): void {
    const known = sessionId === null ? undefined : live.get(sessionId);
    if (known && end > known.bytesOut) known.bytesOut = end;
  }

  return {
    live,
    get isReady() {
      return agent !== null;
    },
    get isIdle() {
      return agent === null && coming === 0 && clients.size + live.size + opening.size === 0;
    },
    connect(sink) {
      const connection = broker.connect();
      clients.set(connection, { sink, sessionId: null });
      return connection;
    },
    disconnected(connection) {
      if (clients.delete(connection)) act(() => broker.disconnected(connection, monotonic()));
    },
    willOpen: (sessionId) => void opening.add(sessionId),
    wontOpen: (sessionId) => void opening.delete(sessionId),
    open(connection, open) {
      act(() => broker.open(connection, open, monotonic()));
    },
    attach(connection, attach, isOwner) {
      const client = clients.get(connection);
      if (client) client.sessionId = attach.session_id;
      act(() => broker.attach(connection, attach, isOwner, monotonic()));
    },
    receive(connection, message) {
      act(() => broker.receive(connection, message, monotonic()));
    },
    receiveFrame(connection, bytes) {
      act(() => broker.receiveFrame(connection, bytes, monotonic()));
    },

    isOpening: (sessionId) => opening.has(sessionId),
    agentComing() {
      coming += 1;
      return () => {
        coming -= 1;
        if (coming === 0) endedMeanwhile.clear();
      };
    },
    agentReady(sink, reported) {
      agent = sink;
      const settled = reported.map((each) => settle(each, endedMeanwhile.get(each.session.session_id)));
      for (const { session, verdict } of settled) {
        const known = live.get(session.session_id) ?? { attached: false, size: null };
        if (verdict === 'keep') live.set(session.session_id, { ...known, bytesOut: session.output_offset });
      }
      act(() => broker.agentReady(settled, monotonic()));
    },
    agentLost() {
      if (agent === null) return;
      agent = null;
      act(() => broker.agentLost(monotonic()));
    },
    fromAgent(message) {
      act(() => broker.receiveFromAgent(message, monotonic()));
    },
    frameFromAgent(bytes) {
      act(() => broker.receiveFrameFromAgent(bytes, monotonic()));
    },
    end(sessionId, reason) {
      if (coming > 0) endedMeanwhile.set(sessionId, reason);
      opening.delete(sessionId);
      const last = live.get(sessionId);
      live.delete(sessionId);
      act(() => broker.end(sessionId, reason, monotonic()));
      if (last) ledger.ended(sessionId, { reason, exitCode: null }, last); // its end is stored, what it gave is not
    },
    recorderGranted(sessionId, grant) {
      act(() => broker.recorderGranted(sessionId, grant));
    },
  };
}

/** The broker wants each list of effects done before it is called again; what an effect brings about waits for its turn. */
function inTurn(perform: (effect: Effect) => void): (call: () => Effects) => void {
  const waiting: (() => Effects)[] = [];
  let isBusy = false;
  return (call) => {
    waiting.push(call);
    if (isBusy) return;
    isBusy = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) for (const effect of next()) perform(effect);
    } finally {
      isBusy = false;
    }
  };
}

function settle(reported: Reported, endedMeanwhile: EndReason | undefined): Reported {
  return endedMeanwhile === undefined ? reported : { ...reported, verdict: endedMeanwhile };
}

/** The kind of an output frame, as the codec writes it. */
const OUTPUT = 1;

/** Where an output frame ends in its stream. Only its header is read. */
function endOf(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset, HEADER_BYTES);
  return view.getUint32(8) * 2 ** 32 + view.getUint32(12) + frame.length - HEADER_BYTES;
}
