/** `/api/events`: each listener's feed, fed by the bus with what happens in its organization. */
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Event, events } from '../../../protocol/api/events.ts';
import type { Bus } from '../../bus/bus.ts';
import type { Member } from '../../gateway/caller.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import { keepAlive } from '../liveness.ts';
import { machineColumns, machineShape } from '../machine-shape.ts';
import { sessionShape, type LiveSessions } from '../session-shape.ts';
import type { MachineSettings } from '../settings.ts';
import { createFeed, type Feed, type FeedSource } from './feed.ts';

interface Parts {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly live: LiveSessions;
  readonly log: Pick<Logger, 'error'>;
  /** Of the wall clock, and of one that never goes back. Milliseconds. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly settings: Pick<MachineSettings, 'eventGapMs' | 'maxSocketsPerUser' | 'pingMs' | 'silentMs'>;
  readonly signal: AbortSignal;
}
interface Listener {
  readonly userId: string;
  readonly feed: Feed;
}

/** Of RFC 6455: the server met a condition that it did not expect. */
const UNEXPECTED = 1011;

export function eventsHandlers(parts: Parts): GroupHandlers<typeof events> {
  const listeners = new Map<string, Set<Listener>>();
  forwardBus(parts, (organizationId) => listeners.get(organizationId) ?? []);
  return {
    // Nothing to wait for: who may listen was decided before.
    connect: (_input, caller) => {
      const { organizationId, id } = caller.account;
      const own = [...(listeners.get(organizationId) ?? [])].filter(({ userId }) => userId === id);
      if (own.length >= parts.settings.maxSocketsPerUser) {
        return Promise.resolve({ refuse: { code: 'too-many-sessions' } });
      }
      return Promise.resolve({ accept: (socket) => listen(parts, listeners, caller, socket) });
    },
  };
}

function listen(parts: Parts, listeners: Map<string, Set<Listener>>, caller: Member, socket: WebSocket): void {
  const { organizationId, id: userId } = caller.account;
  const feed = createFeed({
    source: sourceFor(caller, parts),
    send: async (event) => sent(socket, event),
    gapMs: parts.settings.eventGapMs,
  });
  const listener = { userId, feed };
  const inOrganization = listeners.get(organizationId) ?? new Set();
  listeners.set(organizationId, inOrganization.add(listener));

  const closed = new AbortController();
  socket.on('close', () => {
    closed.abort();
    inOrganization.delete(listener);
    if (inOrganization.size === 0) listeners.delete(organizationId);
  });
  keepAlive(socket, { ...parts, now: parts.monotonic });
  feed.run(closed.signal).catch((error: unknown) => {
    parts.log.error({ err: error, request_id: caller.requestId }, 'events could not be read');
    socket.close(UNEXPECTED);
  });
}

/** Resolves when it left for the network, and when it never will: the socket's end ends the feed. */
async function sent(socket: WebSocket, event: Event): Promise<void> {
  await new Promise<void>((resolve) => socket.send(JSON.stringify(event), () => resolve()));
}

function sourceFor(caller: Member, { now, live }: Parts): FeedSource {
  return {
    async machines(agentIds) {
      let query = caller.read.selectFrom('machines').select(machineColumns);
      if (agentIds) query = query.where('agent_id', 'in', agentIds);
      const rows = await query.execute();
      return rows.map((row) => machineShape(row, caller.account.tenantId, new Date(now())));
    },
    async sessions(sessionIds) {
      let query = caller.read.selectFrom('sessions').selectAll().where('ended_at', 'is', null);
      if (sessionIds) query = query.where('id', 'in', sessionIds);
      const rows = await query.execute();
      return rows.map((row) => sessionShape(row, live));
    },
  };
}

function forwardBus({ bus, signal }: Parts, of: (organizationId: string) => Iterable<Listener>): void {
  const machineChanged = (message: { readonly organizationId: string; readonly agentId: string }): void => {
    for (const { feed } of of(message.organizationId)) feed.machineChanged(message.agentId);
  };
  const sessionChanged = (message: { readonly organizationId: string; readonly sessionId: string }): void => {
    for (const { feed } of of(message.organizationId)) feed.sessionChanged(message.sessionId);
  };
  bus.subscribe('machine.changed', machineChanged, signal);
  bus.subscribe('machine.deleted', machineChanged, signal);
  bus.subscribe('session.changed', sessionChanged, signal);
  bus.subscribe('session.ended', sessionChanged, signal);
  bus.subscribe(
    'access.changed',
    ({ organizationId, agentId, userId }) => {
      for (const { feed, ...listener } of of(organizationId)) {
        if (userId !== undefined && listener.userId !== userId) continue;
        if (agentId === undefined) feed.everythingChanged();
        else feed.machineChanged(agentId);
      }
    },
    signal,
  );
}
