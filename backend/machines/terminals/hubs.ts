/** The hubs, one for each machine that somebody or something is connected for, and what they write down. */
import type { Bus } from '../../bus/bus.ts';
import type { Store } from '../../store/store.ts';
import type { BackgroundWrites } from '../background-writes.ts';
import type { MachineKey } from '../presence.ts';
import type { Recorder } from '../recordings/recorder.ts';
import type { Live, LiveSessions } from '../session-shape.ts';
import { createHub, type Hub, type HubRecorder, type Ledger, type Meter } from './hub.ts';
import { forgetSession, storeEnd } from './session-book.ts';

export interface Hubs {
  /** Made when there is none yet: tell `released` when it may be idle again. */
  of(machine: MachineKey): Hub;
  find(agentId: string): Hub | undefined;
  released(agentId: string): void;
  /** The agent does not know these any more. */
  lost(machine: MachineKey, sessionIds: readonly string[]): void;
  readonly live: LiveSessions;
  countSessions(): number;
}
interface Parts {
  readonly store: Pick<Store, 'organization'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly writes: BackgroundWrites;
  readonly recorder: Pick<Recorder, 'tell'>;
  /** Whether new sessions are recorded. */
  readonly records: boolean;
  readonly meter: Meter;
  readonly now: () => number;
  readonly monotonic: () => number;
}

export function createHubs(parts: Parts): Hubs {
  const hubs = new Map<string, Hub>();
  return {
    of(machine) {
      const known = hubs.get(machine.agentId);
      if (known) return known;
      const recorder: HubRecorder = { tell: (sessionId, what) => parts.recorder.tell(machine, sessionId, what) };
      const hub = createHub({ ...parts, recorder, ledger: ledgerOf(machine, parts) });
      hubs.set(machine.agentId, hub);
      return hub;
    },
    find: (agentId) => hubs.get(agentId),
    released(agentId) {
      if (hubs.get(agentId)?.isIdle) hubs.delete(agentId);
    },
    lost(machine, sessionIds) {
      const ledger = ledgerOf(machine, parts);
      for (const id of sessionIds) ledger.ended(id, { reason: 'agent-gone', exitCode: null }, undefined);
    },
    live: (agentId, sessionId) => hubs.get(agentId)?.live.get(sessionId),
    countSessions: () => [...hubs.values()].reduce((sum, hub) => sum + hub.live.size, 0),
  };
}

/** Told to the bus once it is stored. */
function ledgerOf(machine: MachineKey, { store, bus, now, writes }: Parts): Ledger {
  const { organizationId, agentId } = machine;
  const organization = store.organization(organizationId);
  const changed = (sessionId: string): void => bus.publish('session.changed', { organizationId, sessionId, agentId });
  return {
    opened: changed,
    changed,
    refused(sessionId, code) {
      writes.add(forgetSession(organization, sessionId, { agentId, code }).then(() => changed(sessionId)));
    },
    ended(sessionId, { reason, exitCode }, last: Live | undefined) {
      const end = { reason, exitCode, bytesOut: last?.bytesOut ?? null, at: new Date(now()) };
      writes.add(storeEnd(organization, sessionId, end).then(() => changed(sessionId)));
    },
  };
}
