/** The reconcilers of a node, each as often as it is worth it. */
import type { Logger } from 'pino';
import type { Bus } from '../bus/bus.ts';
import type { MachineSettings } from '../machines/settings.ts';
import type { CheckpointKey } from '../store/chain.ts';
import type { Store } from '../store/store.ts';
import { endAbandonedSessions } from './abandoned-sessions.ts';
import { trimAudit } from './audit-retention.ts';
import { forgetOldCommands, loseCommands } from './commands.ts';
import { forgetExpired } from './expired.ts';
import { disableIdleAccounts } from './idle-accounts.ts';
import { findLostAgents } from './lost-agents.ts';
import { startReconcilers, type Reconciler } from './reconcilers.ts';
import { removeUnprovenSignups } from './unproven-signups.ts';

export interface ReconcilingParts {
  readonly store: Store;
  readonly bus: Bus;
  readonly log: Logger;
  readonly checkpoints: CheckpointKey;
  readonly now: () => number;
  readonly random: () => number;
  readonly newUuid: () => string;
  readonly settings: Pick<MachineSettings, 'heartbeatLostMs' | 'sessionTtlS'>;
  /** Null: for ever. */
  readonly auditDays: number | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function createReconciling(parts: ReconcilingParts): AsyncDisposable {
  return startReconcilers(reconcilersOf(parts), { ...parts, holder: parts.newUuid() });
}

function reconcilersOf(parts: ReconcilingParts): readonly Reconciler[] {
  const { settings, auditDays, log } = parts;
  const graceMs = settings.heartbeatLostMs;
  const ttlMs = settings.sessionTtlS * 1000;
  const always: readonly Reconciler[] = [
    {
      name: 'lost agents',
      everyMs: MINUTE_MS,
      run: (signal) => findLostAgents({ ...parts, graceMs }, signal),
    },
    {
      name: 'abandoned sessions',
      everyMs: 5 * MINUTE_MS,
      run: (signal) => endAbandonedSessions({ ...parts, ttlMs }, signal),
    },
    { name: 'idle accounts', everyMs: HOUR_MS, run: (signal) => disableIdleAccounts(parts, signal) },
    { name: 'unproven signups', everyMs: HOUR_MS, run: (signal) => removeUnprovenSignups(parts, signal) },
    { name: 'expired', everyMs: HOUR_MS, run: (signal) => forgetExpired(parts, signal) },
    { name: 'lost commands', everyMs: 5 * MINUTE_MS, run: () => loseCommands(parts) },
  ];
  if (auditDays === null) return always;
  const broken = (organizationId: string, { seq, reason }: { readonly seq: number; readonly reason: string }): void =>
    log.error({ organization_id: organizationId, seq, reason }, 'the audit is broken here: nothing of it is cut off');
  const trim = { ...parts, keptDays: auditDays, broken };
  return [
    ...always,
    { name: 'audit retention', everyMs: HOUR_MS, run: (signal) => trimAudit(trim, signal) },
    { name: 'old commands', everyMs: HOUR_MS, run: (signal) => forgetOldCommands(parts, auditDays, signal) },
  ];
}
