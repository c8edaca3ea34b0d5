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
  /** It came, or it is gone: not gathered, but written as soon as what is being written is. */
  setOnline(machine: MachineKey, isOnline: boolean): void;
  /** Resolves when all that was said so far is written, or given up. */
  written(): Promise<void>;
}

interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly now: () => number;
  /** What could not be written is dropped: the next heartbeat brings newer figures, and a lease ends by itself. */
  readonly failed: (error: unknown) => void;
  readonly settings: Pick<MachineSettings, 'heartbeatBatchMs' | 'heartbeatLostMs'>;
}

export function createHeartbeats(parts: Parts): Heartbeats {
  const { now, settings } = parts;
  let waiting: Waiting = new Map();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  /** One after another. A store that is slow gets fewer, larger batches, never a queue of them. */
  const write = (): Promise<void> => {
    const before = writing;
    writing = (async () => {
      await before;
      clearTimeout(timer);
      timer = undefined;
      const taken = waiting;
      waiting = new Map();
      await writeAll(parts, taken);
    })();
    return writing;
  };
  const put = ({ organizationId, agentId }: MachineKey, news: News): void => {
    const ofOrganization = waiting.get(organizationId) ?? new Map<string, News>();
    const older = ofOrganization.get(agentId);
    waiting.set(organizationId, ofOrganization.set(agentId, { ...older, ...news }));
  };
  const until = (ms: number): string => new Date(ms + settings.heartbeatLostMs).toISOString();
  return {
    add(machine, { latencyMs, at, ...figures }) {
      const known = { ...figures, latency_ms: latencyMs, last_active_at: at.toISOString() };
      put(machine, { ...known, online_until: until(at.getTime()) });
      timer ??= setTimeout(() => void write(), settings.heartbeatBatchMs);
    },
    setOnline(machine, isOnline) {
      put(machine, { online_until: isOnline ? until(now()) : null });
      void write();
    },
    written: write,
    async [Symbol.asyncDispose]() {
      await write();
    },
  };
}

/** What is new of a machine, as the columns of its row. */
type News = Partial<Heartbeat> & {
  readonly latency_ms?: number | null;
  readonly last_active_at?: string;
  readonly online_until: string | null;
};
/** By organization, then by agent. */
type Waiting = Map<string, Map<string, News>>;

async function writeAll({ store, bus, failed }: Parts, all: Waiting): Promise<void> {
  for (const [organizationId, machines] of all) {
    try {
      await writeNews(store.organization(organizationId), machines);
      for (const agentId of machines.keys()) bus.publish('machine.changed', { organizationId, agentId });
    } catch (error) {
      failed(error);
    }
  }
}

async function writeNews(organization: OrganizationStore, machines: ReadonlyMap<string, News>): Promise<void> {
  await organization.upkeep(async (tx) => {
    for (const [agentId, news] of machines) {
      await tx.updateTable('machines').set(news).where('agent_id', '=', agentId).execute();
    }
  });
}
