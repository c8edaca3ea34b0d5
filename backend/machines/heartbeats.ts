/** What agents say of their machines, gathered and written in one transaction per organization, then told. */
import type { Heartbeat } from '../../protocol/wire/control.ts';
import type { Bus } from '../bus/bus.ts';
import type { OrganizationStore, Store } from '../store/store.ts';
import type { MachineKey } from './presence.ts';
import type { MachineSettings } from './settings.ts';

export interface Figures extends Heartbeat {
  readonly latencyMs: number | null;
  readonly at: Date;
}
export interface Heartbeats extends AsyncDisposable {
  /** Kept until it is written: the newest of each machine, so no more than there are machines. */
  add(machine: MachineKey, figures: Figures): void;
}

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly bus: Pick<Bus, 'publish'>;
  /** Figures that could not be written are dropped: the next heartbeat brings newer ones. */
  readonly failed: (error: unknown) => void;
  readonly settings: Pick<MachineSettings, 'heartbeatBatchMs'>;
}

export function createHeartbeats(parts: Parts): Heartbeats {
  let waiting: Waiting = new Map();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const begin = (): void => {
    timer = undefined;
    const taken = waiting;
    waiting = new Map();
    writing = writeAll(parts, taken).finally(() => {
      writing = undefined;
      if (waiting.size > 0) schedule();
    });
  };
  /** A store that is slow gets fewer, larger batches, never a queue of them. */
  const schedule = (): void => {
    if (!writing) timer ??= setTimeout(begin, parts.settings.heartbeatBatchMs);
  };
  return {
    add({ organizationId, agentId }, figures) {
      const ofOrganization = waiting.get(organizationId) ?? new Map<string, Figures>();
      waiting.set(organizationId, ofOrganization.set(agentId, figures));
      schedule();
    },
    async [Symbol.asyncDispose]() {
      await writing;
      clearTimeout(timer);
      await writeAll(parts, waiting);
      waiting = new Map();
    },
  };
}

/** By organization, then by agent. */
type Waiting = Map<string, Map<string, Figures>>;

async function writeAll({ store, bus, failed }: Parts, all: Waiting): Promise<void> {
  for (const [organizationId, machines] of all) {
    try {
      await write(store.organization(organizationId), machines);
      for (const agentId of machines.keys()) bus.publish('machine.changed', { organizationId, agentId });
    } catch (error) {
      failed(error);
    }
  }
}

async function write(organization: OrganizationStore, machines: ReadonlyMap<string, Figures>): Promise<void> {
  await organization.upkeep(async (tx) => {
    for (const [agentId, { latencyMs, at, ...figures }] of machines) {
      await tx
        .updateTable('machines')
        .set({ ...figures, latency_ms: latencyMs, last_active_at: at.toISOString() })
        .where('agent_id', '=', agentId)
        .execute();
    }
  });
}
