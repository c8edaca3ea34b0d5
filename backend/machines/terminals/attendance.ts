/** Who is connected to which machine: to count sockets, and to close those that lost their right. */
import type { MachineRole } from '../../../protocol/wire/control.ts';

export interface Attendant {
  readonly organizationId: string;
  readonly agentId: string;
  readonly userId: string;
  /** What it was let in as. */
  readonly machineRole: MachineRole;
  readonly close: (code: number, reason: string) => void;
}
export interface Attendance {
  add(attendant: Attendant): void;
  remove(attendant: Attendant): void;
  countOf(userId: string): number;
  /** All that are of whatever is named. */
  find(of: Partial<Pick<Attendant, 'organizationId' | 'agentId' | 'userId'>>): readonly Attendant[];
  readonly size: number;
}

export function createAttendance(): Attendance {
  const all = new Set<Attendant>();
  const byAgent = new Map<string, Set<Attendant>>();
  const byUser = new Map<string, Set<Attendant>>();
  return {
    add(attendant) {
      all.add(attendant);
      into(byAgent, attendant.agentId, attendant);
      into(byUser, attendant.userId, attendant);
    },
    remove(attendant) {
      all.delete(attendant);
      outOf(byAgent, attendant.agentId, attendant);
      outOf(byUser, attendant.userId, attendant);
    },
    countOf: (userId) => byUser.get(userId)?.size ?? 0,
    find({ organizationId, agentId, userId }) {
      const some = agentId === undefined ? all : (byAgent.get(agentId) ?? []);
      const those = userId === undefined ? some : (byUser.get(userId) ?? []);
      return [...those].filter(
        (each) =>
          (agentId === undefined || each.agentId === agentId) &&
          (organizationId === undefined || each.organizationId === organizationId),
      );
    },
    get size() {
      return all.size;
    },
  };
}

function into<T>(groups: Map<string, Set<T>>, key: string, value: T): void {
  groups.set(key, (groups.get(key) ?? new Set()).add(value));
}

function outOf<T>(groups: Map<string, Set<T>>, key: string, value: T): void {
  const group = groups.get(key);
  if (group?.delete(value) && group.size === 0) groups.delete(key);
}
