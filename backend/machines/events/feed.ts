/**
 * What one listener of `/api/events` is told: a snapshot, then what changed since its last message. Changes are kept as
 * ids until there is room to send, so a slow listener costs no queue; too many of them, and it gets a snapshot again.
 */
import type { Event } from '../../../protocol/api/events.ts';
import type { Machine } from '../../../protocol/api/machines.ts';
import type { Session } from '../../../protocol/api/terminals.ts';

/** The present state as this listener may see it; without ids, all of it. Live sessions only. */
export interface FeedSource {
  machines(agentIds?: readonly string[]): Promise<readonly Machine[]>;
  sessions(sessionIds?: readonly string[]): Promise<readonly Session[]>;
}
export interface Feed {
  machineChanged(agentId: string): void;
  sessionChanged(sessionId: string): void;
  /** What it may see is another now. */
  everythingChanged(): void;
  /** Until `signal` ends it; rejects when the state cannot be read. */
  run(signal: AbortSignal): Promise<void>;
}
interface Parts {
  readonly source: FeedSource;
  /** Resolves when the message has left for the network. */
  readonly send: (event: Event) => Promise<void>;
  /** The least time between two rounds. */
  readonly gapMs: number;
}

/** So many changed ids are dearer to look up than everything. */
const MANY = 1000;

export function createFeed({ source, send, gapMs }: Parts): Feed {
  const machines = trackedIds();
  const sessions = trackedIds();
  let isNew = true;
  let wake: (() => void) | undefined;
  const changed = (): void => wake?.();

  const snapshot = async (): Promise<void> => {
    isNew = false;
    machines.changed.clear();
    sessions.changed.clear();
    const all = { machines: [...(await source.machines())], sessions: [...(await source.sessions())] };
    machines.know(all.machines.map((machine) => machine.agent_id));
    sessions.know(all.sessions.map((session) => session.session_id));
    await send({ type: 'snapshot', ...all });
  };
  const changes = async (): Promise<void> => {
    if (machines.changed.size > 0) {
      const asked = machines.take();
      const found = await source.machines(asked);
      const removed = machines.learn(
        asked,
        found.map((machine) => machine.agent_id),
      );
      if (found.length + removed.length > 0) await send({ type: 'machines', changed: [...found], removed });
    }
    if (sessions.changed.size > 0) {
      const asked = sessions.take();
      const found = await source.sessions(asked);
      const removed = sessions.learn(
        asked,
        found.map((session) => session.session_id),
      );
      if (found.length + removed.length > 0) await send({ type: 'sessions', changed: [...found], removed });
    }
  };
  const hasNews = (): boolean => isNew || machines.changed.size + sessions.changed.size > 0;
  const isMuch = (): boolean => isNew || machines.changed.size + sessions.changed.size > MANY;

  return {
    machineChanged(agentId) {
      machines.changed.add(agentId);
      changed();
    },
    sessionChanged(sessionId) {
      sessions.changed.add(sessionId);
      changed();
    },
    everythingChanged() {
      isNew = true;
      changed();
    },
    async run(signal) {
      signal.addEventListener('abort', changed, { once: true });
      while (!signal.aborted) {
        if (!hasNews()) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        await (isMuch() ? snapshot() : changes());
        await pause(gapMs, signal);
      }
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** Which ids the listener knows, and which of all changed. It is told of the removal of what it knew, and of no other. */
function trackedIds() {
  let known = new Set<string>();
  const changed = new Set<string>();
  return {
    changed,
    take(): string[] {
      const ids = [...changed];
      changed.clear();
      return ids;
    },
    know(ids: readonly string[]): void {
      known = new Set(ids);
    },
    /** Gives those that were known and are not found any more. */
    learn(asked: readonly string[], found: readonly string[]): string[] {
      const there = new Set(found);
      const removed = asked.filter((id) => known.has(id) && !there.has(id));
      for (const id of removed) known.delete(id);
      for (const id of found) known.add(id);
      return removed;
    },
  };
}
