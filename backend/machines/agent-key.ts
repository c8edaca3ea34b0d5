/** Forgetting an agent's key: it cannot prove itself any more, and its machine waits to be joined again. */
import type { Bus } from '../bus/bus.ts';
import { serviceActor } from '../store/audit.ts';
import type { OrganizationStore } from '../store/store.ts';
import type { MachineKey } from './presence.ts';

/** On the agent's own word, over its proven link. */
export async function forgetKey(
  organization: OrganizationStore,
  machine: MachineKey,
  bus: Pick<Bus, 'publish'>,
): Promise<void> {
  await organization.write(serviceActor, async (tx) => {
    await tx.updateTable('machines').set({ public_key: null }).where('agent_id', '=', machine.agentId).execute();
    return { value: undefined, audit: { action: 'agent_left', resource: machine.agentId } };
  });
  bus.publish('machine.changed', machine);
}
