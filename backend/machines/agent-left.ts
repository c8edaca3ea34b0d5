/** The end of an agent's connection in the store. A later connection of the same agent stays as it is. */
import { serviceActor } from '../store/audit.ts';
import type { AuditNote, OrganizationStore, Writes } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';

export interface Connected {
  readonly agentId: string;
  /** As it was stored when it connected. */
  readonly connectedAt: string;
}
type Why = AuditNote['detail'] & object;

/** Its socket was closed, here. */
export async function agentLeft(organization: OrganizationStore, connected: Connected, why: Why): Promise<void> {
  await organization.write(serviceActor, async (tx) => {
    await disconnect(tx, connected);
    return { value: undefined, audit: noteOf(connected, why) };
  });
}

/** It was connected to a service that ended without a word. False when somebody else has found that, or it is back. */
export async function agentLost(organization: OrganizationStore, connected: Connected): Promise<boolean> {
  const written = await organization.write(serviceActor, async (tx) => {
    if (!(await disconnect(tx, connected))) return { refuse: { code: 'not-found' } };
    return { value: undefined, audit: noteOf(connected, { why: 'lost' }) };
  });
  return !('refuse' in written);
}

async function disconnect(tx: Writes<TenantTables>, { agentId, connectedAt }: Connected): Promise<boolean> {
  const updated = await tx
    .updateTable('machines')
    .set({ connected_at: null })
    .where('agent_id', '=', agentId)
    .where('connected_at', '=', connectedAt)
    .executeTakeFirst();
  return updated.numUpdatedRows > 0n;
}

function noteOf({ agentId }: Connected, detail: Why): AuditNote {
  return { action: 'agent_disconnected', resource: agentId, detail };
}
