/** What the service must not miss: kept until it says that it has it, told again after each hello, never more than fits. */
import type { CommandReport, ExecResult, FromAgent } from '../protocol/wire/control.ts';

type Unnumbered<R> = R extends unknown ? Omit<R, 'type' | 'seq' | 'missed'> : never;
export type NewCommand = Unnumbered<CommandReport>;
export type NewResult = Unnumbered<ExecResult>;

export interface Outbox {
  command(report: NewCommand): void;
  result(result: NewResult): void;
  /** Everything up to it. */
  received(seq: number): void;
  linkUp(tell: (message: FromAgent) => void): void;
  linkLost(): void;
  /** The commands whose results are kept. */
  results(): string[];
}

/** Told and not yet received: more would stand before the next session's echo. Characters of JSON. */
const WINDOW = 128 * 1024;
/** While the service is away. What does not fit is counted. Characters of JSON. */
const MOST_KEPT = 4 * 1024 * 1024;

interface Kept {
  readonly report: CommandReport | ExecResult;
  readonly size: number;
}

export function createOutbox(sizes = { window: WINDOW, kept: MOST_KEPT }): Outbox {
  let kept: Kept[] = [];
  let link: { readonly tell: (message: FromAgent) => void } | null = null;
  /** How many of the kept ones were told on this link. */
  let told = 0;
  let lastSeq = 0;
  let missed = 0;

  const sum = (some: readonly Kept[]): number => some.reduce((total, { size }) => total + size, 0);
  const push = (): void => {
    if (link === null) return;
    for (let next = kept[told]; next !== undefined; next = kept[told]) {
      if (told > 0 && sum(kept.slice(0, told)) + next.size > sizes.window) return;
      told += 1;
      link.tell(next.report);
    }
  };
  const keep = (report: CommandReport | ExecResult, size: number): void => {
    lastSeq = report.seq;
    kept.push({ report, size });
    push();
  };
  return {
    command(said) {
      const report = { type: 'command' as const, ...said, seq: lastSeq + 1, ...(missed > 0 && { missed }) };
      const size = JSON.stringify(report).length;
      if (sum(kept) + size > sizes.kept) {
        missed += 1;
        return;
      }
      missed = 0;
      keep(report, size);
    },
    result(said) {
      const report = { type: 'exec_result' as const, ...said, seq: lastSeq + 1 };
      keep(report, JSON.stringify(report).length);
    },
    received(seq) {
      const rest = kept.filter(({ report }) => report.seq > seq);
      told = Math.max(0, told - (kept.length - rest.length));
      kept = rest;
      push();
    },
    linkUp(tell) {
      link = { tell };
      told = 0;
      push();
    },
    linkLost() {
      link = null;
      told = 0;
    },
    results: () => kept.flatMap(({ report }) => (report.type === 'exec_result' ? [report.command_id] : [])),
  };
}
