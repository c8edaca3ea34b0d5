/** What one agent reports, stored in its order and in few transactions; then the agent is told that it may forget it. */
import type { CommandReport, ExecResult, ToAgent } from '../../../protocol/wire/control.ts';
import type { OrganizationStore } from '../../store/store.ts';
import { storeResult } from './command-book.ts';
import { storeReports, type ReportedLines, type Reporter } from './command-logs.ts';

export type Report = CommandReport | ExecResult;

export interface Reports {
  /** False: more at once than an agent of ours sends. */
  add(report: Report): boolean;
  /** The socket is gone: the agent tells again what it was not told to forget. */
  stop(): void;
}
interface Parts {
  readonly organization: OrganizationStore;
  readonly reporter: Reporter;
  readonly tell: (message: ToAgent) => void;
  readonly newObjectId: () => string;
  readonly failed: (error: unknown) => void;
  /** Waits before it is tried again. */
  readonly later: (act: () => void) => void;
  /** Nothing ends before this does. */
  readonly hold: (work: Promise<void>) => void;
}

/** Agents wait with more than `MOST_UNRECEIVED` until they are told; this leaves room for those that sent again. */
const MOST_WAITING = 1024;
/** Of one transaction: others write too. */
const MOST_AT_ONCE = 64;

export function createReports(parts: Parts): Reports {
  const { organization, reporter, newObjectId } = parts;
  const waiting: Report[] = [];
  let isBusy = false;
  let isOver = false;

  const answer = (seq: number): void => {
    if (!isOver) parts.tell({ type: 'received', seq });
  };
  /** False: nothing more to do. */
  const storeNext = async (): Promise<boolean> => {
    const next = sameKind(waiting, MOST_AT_ONCE);
    const [first] = next;
    const last = next.at(-1);
    if (isOver || first === undefined || last === undefined) return false;
    if (first.type === 'exec_result') await storeResult(organization, reporter.agentId, first);
    else await storeReports(organization, reporter, linesOf(first.session_id, next), newObjectId);
    waiting.splice(0, next.length);
    answer(last.seq);
    return true;
  };
  const work = async (): Promise<void> => {
    try {
      for (let more = await storeNext(); more; more = await storeNext());
      isBusy = false;
    } catch (error) {
      parts.failed(error);
      parts.later(start);
    }
  };
  const start = (): void => {
    if (!isOver) parts.hold(work());
  };
  return {
    add(report) {
      if (waiting.length >= MOST_WAITING) return false;
      waiting.push(report);
      if (!isBusy) {
        isBusy = true;
        start();
      }
      return true;
    },
    stop() {
      isOver = true;
    },
  };
}

const linesOf = (sessionId: string, reports: readonly Report[]): ReportedLines => ({
  sessionId,
  reports: reports.filter((report) => report.type === 'command'),
});

/** The first, with those behind it that go into the same transaction. */
function sameKind(reports: readonly Report[], most: number): readonly Report[] {
  const [first] = reports;
  if (first?.type !== 'command') return reports.slice(0, 1);
  const end = reports.findIndex((report) => report.type !== 'command' || report.session_id !== first.session_id);
  return reports.slice(0, Math.min(most, end < 0 ? reports.length : end));
}
