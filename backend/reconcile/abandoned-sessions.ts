/** Sessions whose agent never came back: past their time to live, no agent would have kept them. */
import type { Bus } from '../bus/bus.ts';
import { endSession } from '../machines/session-end.ts';
import { serviceActor } from '../store/audit.ts';
import type { Store } from '../store/store.ts';

interface Parts {
  readonly store: Pick<Store, 'platform' | 'organization'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
  /** The longest that a session lives with nobody attached. */
  readonly ttlMs: number;
}
const REASON = 'agent-gone';

export async function endAbandonedSessions(parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, bus, now } = parts;
  for (const { id: sessionId, agent_id: agentId, organization_id: organizationId } of await abandoned(parts)) {
    if (signal.aborted) return;
    const written = await store.organization(organizationId).write(serviceActor, async (tx) => {
      const isEnded = await endSession(tx, sessionId, { reason: REASON, at: new Date(now()) });
      if (!isEnded) return { refuse: { code: 'not-found' } };
      return { value: undefined, audit: { action: 'session_ended', resource: sessionId, detail: { reason: REASON } } };
    });
    if ('refuse' in written) continue;
    bus.publish('session.ended', { organizationId, sessionId, agentId, reason: REASON });
    bus.publish('session.changed', { organizationId, sessionId, agentId });
  }
}

/** Open, begun before that time, and of a machine that is not connected and was not heard of since. */
async function abandoned({ store, now, ttlMs }: Parts) {
  const since = new Date(now() - ttlMs).toISOString();
  return store.platform.read
    .selectFrom('sessions')
    .leftJoin('machines', 'machines.agent_id', 'sessions.agent_id')
    .select(['sessions.id', 'sessions.agent_id', 'sessions.organization_id'])
    .where('sessions.ended_at', 'is', null)
    .where('sessions.started_at', '<', since)
    .where('machines.connected_at', 'is', null)
    .where((eb) => eb.or([eb('machines.last_active_at', 'is', null), eb('machines.last_active_at', '<', since)]))
    .execute();
}
