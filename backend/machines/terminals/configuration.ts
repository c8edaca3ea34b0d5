/** What the server sets for a machine, brought to its agent while that is connected. One that is away hears it when it is welcomed. */
import type { Bus } from '../../bus/bus.ts';
import type { Store } from '../../store/store.ts';
import type { BackgroundWrites } from '../background-writes.ts';
import type { MachineKey } from '../presence.ts';
import type { Links } from './links.ts';

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly links: Pick<Links, 'find'>;
}

export async function configure({ store, links }: Parts, machine: MachineKey): Promise<void> {
  if (!links.find(machine.agentId)) return;
  const row = await store
    .organization(machine.organizationId)
    .read.selectFrom('machines')
    .select('linux_user')
    .where('agent_id', '=', machine.agentId)
    .executeTakeFirst();
  if (row) links.find(machine.agentId)?.configure({ linux_user: row.linux_user });
}

export function carryConfiguration(
  parts: Parts & {
    readonly bus: Pick<Bus, 'subscribe'>;
    readonly writes: BackgroundWrites;
    readonly signal: AbortSignal;
  },
): void {
  const { bus, writes, signal } = parts;
  bus.subscribe('machine.configured', (machine) => writes.add(configure(parts, machine)), signal);
}
