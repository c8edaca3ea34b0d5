/** The machines and sessions of one account: live from its server, or last known from the cache. */
import type { Event } from '../../../protocol/api/events.ts';
import type { Machine } from '../../../protocol/api/machines.ts';
import type { Session } from '../../../protocol/api/terminals.ts';
import { coalesced } from '../coalesce.ts';
import { createFeed, type Feed } from './feed.ts';
import type { ListCache } from './list-cache.ts';

export interface Lists {
  readonly machines: Feed<Machine>;
  readonly sessions: Feed<Session>;
  /** Shows what is in the cache, unless the server was quicker. */
  restore(): Promise<void>;
  take(event: Event): void;
  stale(): void;
  /** Writes what is known. */
  save(): Promise<void>;
}
interface ListsParts {
  readonly account: string;
  readonly cache: ListCache;
  readonly now: () => number;
}

/** While changes come in, so that a crash costs little. */
const SAVE_EVERY_MS = 60_000;

export function createLists({ account, cache, now }: ListsParts, signal: AbortSignal): Lists {
  const machines = createFeed<Machine>((machine) => machine.agent_id, signal);
  const sessions = createFeed<Session>((session) => session.session_id, signal);
  const save = async (): Promise<void> => {
    const { as_of: asOf } = machines.freshness;
    if (asOf !== null) await cache.write(account, { as_of: asOf, machines: machines.all(), sessions: sessions.all() });
  };
  const saveSoon = coalesced(() => void save(), SAVE_EVERY_MS, signal);
  return {
    machines,
    sessions,
    async restore() {
      const known = await cache.read(account);
      if (known === null || machines.freshness.load !== 'loading') return;
      machines.replace(known.machines, { load: 'stale', as_of: known.as_of });
      sessions.replace(known.sessions, { load: 'stale', as_of: known.as_of });
    },
    take(event) {
      const asOf = new Date(now()).toISOString();
      switch (event.type) {
        case 'snapshot':
          machines.replace(event.machines, { load: 'live', as_of: asOf });
          sessions.replace(event.sessions, { load: 'live', as_of: asOf });
          break;
        case 'machines':
          machines.apply(event.changed, event.removed, asOf);
          break;
        case 'sessions':
          sessions.apply(event.changed, event.removed, asOf);
          break;
      }
      saveSoon();
    },
    stale() {
      machines.stale();
      sessions.stale();
    },
    save,
  };
}
