/** What is said of a machine's state. */
import type { Machine, MachineStatus } from '../../protocol/api/machines.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

export const statusWords: Readonly<Record<MachineStatus, string>> = {
  online: 'Online',
  offline: 'Offline',
  pending: 'Waiting to join',
};
export const statusTones: Readonly<Record<MachineStatus, StatusTone>> = {
  online: 'good',
  offline: 'off',
  pending: 'warn',
};

/** How many are in each state, for a heading. */
export function statusSummary(machines: readonly Machine[]): string {
  const counts = { online: 0, offline: 0, pending: 0 };
  for (const machine of machines) counts[machine.status] += 1;
  const parts = [
    `${counts.online.toLocaleString('en')} online`,
    counts.offline > 0 && `${counts.offline.toLocaleString('en')} offline`,
    counts.pending > 0 && `${counts.pending.toLocaleString('en')} waiting to join`,
  ];
  return parts.filter(Boolean).join(' · ');
}
