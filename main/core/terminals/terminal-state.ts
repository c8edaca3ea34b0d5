/** How a terminal stands, in the words of the bridge. */
import { failure, type Failure } from '../../../protocol/bridge/failure.ts';
import type { TerminalState } from '../../../protocol/bridge/events.ts';
import { apiFailure } from '../outcome.ts';
import type { Trouble } from './connection.ts';
import type { Phase } from './effect.ts';

export interface Standing {
  readonly phase: Phase;
  /** Why there is no connection now; null: there is one. */
  readonly trouble: Trouble | null;
  /** The server will not have it. */
  readonly denied: Failure | null;
  readonly closing: boolean;
  /** Wall clock. */
  readonly startedAt: number;
  readonly endedAt: number | null;
}

export function terminalState(standing: Standing): TerminalState {
  if (standing.closing) return { at: 'closing' };
  if (standing.denied !== null) return { at: 'failed', failure: standing.denied };
  const { phase, trouble } = standing;
  switch (phase.at) {
    case 'opening':
      return trouble === null ? { at: 'opening' } : reconnecting(trouble);
    case 'attached':
      return { at: 'attached', mode: phase.mode };
    case 'reconnecting':
      return reconnecting(trouble);
    case 'machine-away':
      return { at: 'machine-away' };
    case 'ended':
      return {
        at: 'ended',
        exit_code: phase.exitCode,
        ...(phase.signal === undefined ? {} : { signal: phase.signal }),
        reason: phase.reason,
        duration_ms: Math.max(0, (standing.endedAt ?? standing.startedAt) - standing.startedAt),
      };
    case 'failed':
      return { at: 'failed', failure: serviceFailure(phase.code, phase.message) };
  }
}

/** Nothing more will come of it. */
export const isOver = ({ phase, denied }: Pick<Standing, 'phase' | 'denied'>): boolean =>
  denied !== null || phase.at === 'ended' || phase.at === 'failed';

function reconnecting(trouble: Trouble | null): TerminalState {
  if (trouble === null) return { at: 'reconnecting', next_try_at: null };
  const { nextTryAt } = trouble;
  return {
    at: 'reconnecting',
    next_try_at: nextTryAt === null ? null : new Date(nextTryAt).toISOString(),
    why: trouble.failure,
  };
}

/** The wire has codes of its own, and a newer server may have more. */
function serviceFailure(code: string, message: string): Failure {
  const known = failure.safeParse({ code, message });
  return known.success ? known.data : { ...apiFailure('unexpected'), message, detail: code };
}
