/** Agents whose service ended without a word: stored as connected, and no heartbeat has renewed their being online. */
import type { Bus } from '../bus/bus.ts';
import { agentLost } from '../machines/agent-left.ts';
import type { Store } from '../store/store.ts';

interface Parts {
  readonly store: Pick<Store, 'platform' | 'organization'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
  /** One that has just connected is online with its first heartbeat. */
  readonly graceMs: number;
}

/** What is decided is decided again in the write: it may have come back meanwhile, or another node was first. */
export async function findLostAgents({ store, bus, now, graceMs }: Parts, signal: AbortSignal): Promise<void> {
  const at = new Date(now()).toISOString();
  const since = new Date(now() - graceMs).toISOString();
  const lost = await store.platform.read
    .selectFrom('machines')
    .select(['organization_id', 'agent_id', 'connected_at'])
    .where('connected_at', '<', since)
    .where((eb) => eb.or([eb('online_until', 'is', null), eb('online_until', '<', at)]))
    .execute();
  for (const { organization_id: organizationId, agent_id: agentId, connected_at: connectedAt } of lost) {
    if (signal.aborted || connectedAt === null) return;
    if (!(await agentLost(store.organization(organizationId), { agentId, connectedAt }))) continue;
    bus.publish('machine.changed', { organizationId, agentId });
  }
}
