/** A virtual service: the broker, what is stored of sessions (which outlives it), and the sockets of both legs. */
import { type Broker, createBroker, type Effect } from '../../backend/machines/terminals/broker.ts';
import {
  type EndReason,
  type FromClient,
  type HelloSession,
  NO_LIMIT,
  type ToAgent,
} from '../../protocol/wire/control.ts';
import type { Grant } from '../../protocol/wire/credit.ts';
import { decode } from '../../protocol/wire/frame.ts';
import type { AgentLink } from './agent.ts';
import type { Link } from './link.ts';
import { checkMessage, type OfAgent, type OfClient, type OfServiceToClient, sizeOf } from './packets.ts';
import { startRecorder, type VirtualDisk } from './recorder.ts';
import type { Rule } from './rules.ts';
import type { Shell } from './shell.ts';
import type { World } from './world.ts';

export type ClientLink = Link<OfClient, OfServiceToClient>;
/** More than a client's window and what it may overtake must never lie in its socket. */
const MOST_BUFFERED = 2 * 1024 * 1024;

/** The rows of the store. */
export interface Stored {
  readonly id: string;
  readonly openId: string;
  ended: EndReason | null;
}
export interface VirtualService {
  acceptAgent(link: AgentLink): void;
  acceptClient(link: ClientLink, name: string): void;
  /** An admin ends a session. */
  end(session: string): void;
  /** The process dies, and with it all its sockets. */
  die(): void;
}
export interface ServiceParts {
  readonly world: World;
  readonly without: ReadonlySet<Rule>;
  readonly stored: Map<string, Stored>;
  /** Null: nothing is recorded. */
  readonly disk: VirtualDisk | null;
  shell(session: string): Shell | null;
  /** Control went to another client. */
  attached(client: string, mode: 'control' | 'view'): void;
}

export function startService(parts: ServiceParts): VirtualService {
  const { world, without, stored } = parts;
  const broker: Broker = createBroker({ records: parts.disk !== null });
  const recorder = parts.disk === null ? null : startRecorder({ ...parts, disk: parts.disk, granted });
  const clients = new Map<number, { readonly link: ClientLink; name: string }>();
  let agent: AgentLink | null = null;
  let isReady = false;
  let isDead = false;
  const act = (effects: readonly Effect[]): void => {
    for (const effect of effects) perform(effect);
  };
  const perform = (effect: Effect): void => {
    switch (effect.do) {
      case 'tell-client':
        checkMessage(world, 'toClient', effect.message);
        if (effect.message.type === 'attached') parts.attached(clients.get(effect.to)?.name ?? '', effect.message.mode);
        return toClient(effect.to, effect.message);
      case 'frame-to-client':
        return toClient(effect.to, effect.frame);
      case 'close-client':
        return closeClient(effect.connection, effect.reason);
      case 'tell-agent':
        return tellAgent(effect.message);
      case 'frame-to-agent':
        return frameToAgent(effect.frame);
      case 'refuse-agent':
        return world.fail('refused', `the service cannot read a frame of the agent: ${effect.code}`);
      case 'session-ended':
        return end(effect.session, effect.reason);
      case 'session-refused':
        return world.fail('refused', `the agent opens no shell: ${effect.code}`);
      case 'record':
        return recorder?.tell(effect.session, effect.what);
      case 'session-opened':
      case 'session-changed':
        return undefined;
    }
  };
  function granted(session: string, grant: Grant | null): void {
    if (!isDead) act(broker.recorderGranted(session, grant));
  }
  const tellAgent = (message: ToAgent): void => {
    checkMessage(world, 'toAgent', message);
    if (without.has('release') && message.type === 'detach') return;
    agent?.far.send(message, sizeOf(message));
  };
  const frameToAgent = (frame: Uint8Array): void => {
    if (without.has('release') && isUnlimited(frame)) return;
    agent?.far.send(frame, sizeOf(frame));
  };
  const end = (session: string, reason: EndReason): void => {
    const row = stored.get(session);
    if (row) row.ended ??= reason;
  };
  const toClient = (to: number, packet: OfServiceToClient): void => {
    const link = clients.get(to)?.link;
    link?.far.send(packet, sizeOf(packet));
    if (link && !link.isCut && link.far.buffered > MOST_BUFFERED)
      world.fail('service-memory', 'too much lies in the socket of a client');
  };
  const closeClient = (connection: number, reason: string): void => {
    const client = clients.get(connection);
    clients.delete(connection);
    client?.link.far.hear({ receive: () => {}, closed: () => {} });
    client?.link.far.close(reason);
  };

  const agentLost = (why: string): void => {
    world.log(`service: agent ${why}`);
    agent = null;
    if (isReady) act(broker.agentLost(world.now));
    isReady = false;
  };
  const verdict = (reported: HelloSession): 'keep' | EndReason => {
    const row = stored.get(reported.session_id);
    if (row === undefined) return 'closed';
    if (without.has('closedAtHello') || row.ended === null || (row.ended === 'exited' && reported.exited))
      return 'keep';
    return row.ended;
  };
  const hello = (sessions: readonly HelloSession[], from: AgentLink): void => {
    from.far.send({ type: 'ready' }, 50);
    isReady = true;
    const there = new Set(sessions.map((session) => session.session_id));
    for (const row of stored.values())
      if (row.ended === null && !there.has(row.id) && !opening.has(row.id)) row.ended = 'agent-gone';
    for (const id of there) opening.delete(id);
    act(
      broker.agentReady(
        sessions.map((session) => {
          const is = verdict(session);
          const recorded = is === 'keep' ? (recorder?.resume(session.session_id, session.output_offset) ?? null) : null;
          return { session, verdict: is, recorded };
        }),
        world.now,
      ),
    );
    recorder?.settle([...stored.values()].filter(({ ended }) => ended !== null).map(({ id }) => id));
  };
  /** Asked of the agent, not known to run yet. */
  const opening = new Set<string>();
  const fromAgent = (packet: OfAgent, from: AgentLink): void => {
    if (packet instanceof Uint8Array) return act(broker.receiveFrameFromAgent(packet, world.now));
    switch (packet.type) {
      case 'sessions':
        return hello(packet.sessions, from);
      case 'ping':
        return from.far.send({ type: 'pong', id: packet.id }, 20);
      case 'pong':
      case 'hello':
      case 'heartbeat':
      case 'goodbye':
      case 'command':
      case 'exec_result':
        return undefined;
      case 'opened':
        opening.delete(packet.session_id);
        return act(broker.receiveFromAgent(packet, world.now));
      case 'refused':
      case 'attached':
      case 'unknown-session':
      case 'detached':
      case 'moved':
      case 'resized':
      case 'probed':
      case 'exit':
      case 'ended':
        return act(broker.receiveFromAgent(packet, world.now));
    }
  };

  const open = (connection: number, message: Extract<FromClient, { type: 'open' }>): void => {
    const known = [...stored.values()].find((row) => row.openId === message.open_id);
    if (known === undefined && !isReady)
      return toClient(connection, { type: 'error', code: 'machine-offline', message: '' });
    const row = known ?? { id: `s${stored.size + 1}`, openId: message.open_id, ended: null };
    if (row.ended !== null)
      return toClient(connection, { type: 'error', code: 'session-ended', message: '', reason: row.ended });
    stored.set(row.id, row);
    opening.add(row.id);
    const { cols, rows } = message;
    const person = { user_id: 'u', username: 'u', source: 'simulation', machine_role: 'non-sudo' } as const;
    const size = { cols, rows, ttl_s: 8 * 3600 };
    act(broker.open(connection, { type: 'open', session_id: row.id, ...person, ...size }, world.now));
  };
  const attach = (connection: number, message: Extract<FromClient, { type: 'attach' }>): void => {
    const row = stored.get(message.session_id);
    if (row?.ended !== null && row?.ended !== 'exited')
      return toClient(connection, {
        type: 'error',
        code: 'session-ended',
        message: '',
        reason: row?.ended ?? 'closed',
      });
    act(broker.attach(connection, message, true, world.now));
  };
  const fromClient = (connection: number, packet: OfClient): void => {
    if (packet instanceof Uint8Array) return act(broker.receiveFrame(connection, packet, world.now));
    if (packet.type === 'open') return open(connection, packet);
    if (packet.type === 'attach') return attach(connection, packet);
    act(broker.receive(connection, packet, world.now));
  };

  return {
    acceptAgent(link) {
      const older = agent;
      if (older !== null) {
        older.far.close('replaced');
        agentLost('replaced');
      }
      agent = link;
      link.far.hear({
        receive: (packet) => (agent === link && !isDead ? fromAgent(packet, link) : undefined),
        closed: (why) => (agent === link && !isDead ? agentLost(why) : undefined),
      });
    },
    acceptClient(link, name) {
      const connection = broker.connect();
      clients.set(connection, { link, name });
      link.far.hear({
        receive: (packet) => (clients.has(connection) && !isDead ? fromClient(connection, packet) : undefined),
        closed() {
          if (!clients.delete(connection) || isDead) return;
          world.log(`service: socket of ${name} gone`);
          act(broker.disconnected(connection, world.now));
        },
      });
    },
    end(session) {
      end(session, 'terminated');
      act(broker.end(session, 'terminated', world.now));
    },
    die() {
      isDead = true;
      recorder?.die();
      agent?.far.close('service died');
      for (const { link } of clients.values()) link.far.close('service died');
    },
  };
}

function isUnlimited(frame: Uint8Array): boolean {
  const decoded = decode(frame);
  return decoded.ok && decoded.frame.kind === 'output-ack' && decoded.frame.window === NO_LIMIT;
}
