/** Who is connected to which machine: to count sockets, and to close those that lost their right. */
export interface Attendant {
  readonly organizationId: string;
  readonly agentId: string;
  readonly userId: string;
  readonly close: (code: number, reason: string) => void;
}
export interface Attendance {
  add(attendant: Attendant): void;
  remove(attendant: Attendant): void;
  countOf(userId: string): number;
  /** Of one user, or of all. */
  at(agentId: string, userId?: string): readonly Attendant[];
  readonly size: number;
}

export function createAttendance(): Attendance {
  const byAgent = new Map<string, Set<Attendant>>();
  const byUser = new Map<string, Set<Attendant>>();
  return {
    add(attendant) {
      into(byAgent, attendant.agentId, attendant);
      into(byUser, attendant.userId, attendant);
    },
    remove(attendant) {
      outOf(byAgent, attendant.agentId, attendant);
      outOf(byUser, attendant.userId, attendant);
    },
    countOf: (userId) => byUser.get(userId)?.size ?? 0,
    at: (agentId, userId) =>
      [...(byAgent.get(agentId) ?? [])].filter((each) => userId === undefined || each.userId === userId),
    get size() {
      return [...byUser.values()].reduce((sum, of) => sum + of.size, 0);
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
