/** Which machines are online: a lease each, renewed by signs of life and ended by a timer. Nothing is searched. */
import type { MachineSettings } from './settings.ts';

/** A machine by its public name, and whose it is. */
export interface MachineKey {
  readonly organizationId: string;
  readonly agentId: string;
}
export interface Presence extends Disposable {
  isOnline(agentId: string): boolean;
  /** It said who it is, or a heartbeat came. */
  alive(machine: MachineKey): void;
  /** Its socket is gone. */
  left(machine: MachineKey): void;
  /** It said goodbye, or is no machine any more: offline at once. */
  forget(machine: MachineKey): void;
}

/** `changed` is told each time a machine goes online or offline. */
export function createPresence(
  settings: Pick<MachineSettings, 'offlineAfterMs' | 'heartbeatLostMs'>,
  changed: (machine: MachineKey) => void,
): Presence {
  /** The machines that are online, each with the timer that will end that. */
  const leases = new Map<string, NodeJS.Timeout>();
  const forget = (machine: MachineKey): void => {
    clearTimeout(leases.get(machine.agentId));
    if (leases.delete(machine.agentId)) changed(machine);
  };
  const lease = (machine: MachineKey, ms: number): void => {
    const before = leases.get(machine.agentId);
    clearTimeout(before);
    leases.set(machine.agentId, setTimeout(forget, ms, machine));
    if (before === undefined) changed(machine);
  };
  return {
    isOnline: (agentId) => leases.has(agentId),
    alive: (machine) => lease(machine, settings.heartbeatLostMs),
    left(machine) {
      if (leases.has(machine.agentId)) lease(machine, settings.offlineAfterMs);
    },
    forget,
    [Symbol.dispose]() {
      for (const timer of leases.values()) clearTimeout(timer);
      leases.clear();
    },
  };
}
