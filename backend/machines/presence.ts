/** Which machines are online: a lease each, renewed by signs of life and ended by a timer. Nothing is searched. */
import type { MachineSettings } from './settings.ts';

export interface Presence extends Disposable {
  isOnline(agentId: string): boolean;
  /** It said who it is, or a heartbeat came. */
  alive(agentId: string): void;
  /** Its socket is gone. */
  left(agentId: string): void;
  /** It is no machine any more: offline at once. */
  forget(agentId: string): void;
}

/** `changed` is told each time a machine goes online or offline. */
export function createPresence(
  settings: Pick<MachineSettings, 'offlineAfterMs' | 'heartbeatLostMs'>,
  changed: (agentId: string) => void,
): Presence {
  /** The machines that are online, each with the timer that will end that. */
  const leases = new Map<string, NodeJS.Timeout>();
  const forget = (agentId: string): void => {
    clearTimeout(leases.get(agentId));
    if (leases.delete(agentId)) changed(agentId);
  };
  const lease = (agentId: string, ms: number): void => {
    const before = leases.get(agentId);
    clearTimeout(before);
    leases.set(agentId, setTimeout(forget, ms, agentId));
    if (before === undefined) changed(agentId);
  };
  return {
    isOnline: (agentId) => leases.has(agentId),
    alive: (agentId) => lease(agentId, settings.heartbeatLostMs),
    left(agentId) {
      if (leases.has(agentId)) lease(agentId, settings.offlineAfterMs);
    },
    forget,
    [Symbol.dispose]() {
      for (const timer of leases.values()) clearTimeout(timer);
      leases.clear();
    },
  };
}
