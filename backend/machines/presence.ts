/** Which machines are online here: a lease each, renewed by signs of life and ended by a timer. What changes goes to the store. */
import type { MachineSettings } from './settings.ts';

/** A machine by its public name, and whose it is. */
export interface MachineKey {
  readonly organizationId: string;
  readonly agentId: string;
}
export interface Presence extends Disposable {
  /** It said who it is, or a heartbeat came. */
  alive(machine: MachineKey): void;
  /** Its socket is gone. */
  left(machine: MachineKey): void;
  /** It said goodbye, or is no machine any more: offline at once. */
  forget(machine: MachineKey): void;
}

/** `changed` is told each time a machine goes online or offline; at the end all of them do. */
export function createPresence(
  settings: Pick<MachineSettings, 'offlineAfterMs' | 'heartbeatLostMs'>,
  changed: (machine: MachineKey, isOnline: boolean) => void,
): Presence {
  /** The machines that are online, each with the timer that will end that. */
  const leases = new Map<string, { readonly machine: MachineKey; readonly timer: NodeJS.Timeout }>();
  const forget = (machine: MachineKey): void => {
    clearTimeout(leases.get(machine.agentId)?.timer);
    if (leases.delete(machine.agentId)) changed(machine, false);
  };
  const lease = (machine: MachineKey, ms: number): void => {
    const before = leases.get(machine.agentId);
    clearTimeout(before?.timer);
    leases.set(machine.agentId, { machine, timer: setTimeout(forget, ms, machine) });
    if (before === undefined) changed(machine, true);
  };
  return {
    alive: (machine) => lease(machine, settings.heartbeatLostMs),
    left(machine) {
      if (leases.has(machine.agentId)) lease(machine, settings.offlineAfterMs);
    },
    forget,
    [Symbol.dispose]() {
      for (const { machine } of leases.values()) forget(machine);
    },
  };
}
