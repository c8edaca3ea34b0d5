/** The commands of one session: as its shell tells them, else as they were typed. */
import type { NewCommand } from '../outbox.ts';
import { cutLine, parseMark, type Line, type Mark } from './marks.ts';
import { createTypedLines } from './typed-lines.ts';

export interface Capture {
  /** What the terminal has taken of what somebody typed. */
  typed(bytes: Uint8Array): void;
  shown(bytes: Uint8Array): void;
  /** What may be a mark: anybody can print one. */
  mark(content: Buffer): void;
  ended(exitCode: number | null): void;
}
interface Parts {
  readonly sessionId: string;
  /** Null: this shell does not tell. */
  readonly nonce: string | null;
  readonly report: (command: NewCommand) => void;
  /** The shell tells: it has read its init file. */
  readonly telling: () => void;
  /** Milliseconds of the wall clock. */
  readonly now: () => number;
}

/** A shell that was to tell and has not by then never will: its person's own files run another. Milliseconds. */
const TELLS_WITHIN_MS = 10_000;
/** Typed before that is known. */
const MOST_HELD = 64;

type Running = Pick<NewCommand, 'command' | 'cut' | 'captured' | 'cwd' | 'started_at'>;
type Run = Extract<Mark, { type: 'run' }>;

export function createCapture({ sessionId, nonce, report, telling, now }: Parts): Capture {
  const startedAt = now();
  let isTelling = false;
  let running: Running | null = null;
  let held: NewCommand[] = [];
  const lines = createTypedLines((line) => {
    if (!isTelling) typedLine(cutLine(line));
  });

  const time = (): string => new Date(now()).toISOString();
  const typedLine = (line: Line): void => {
    const unknown = { exit_code: null, ended_at: null, cwd: null };
    held.push({ session_id: sessionId, ...said(line), captured: 'typed', started_at: time(), ...unknown });
    if (nonce === null || now() - startedAt > TELLS_WITHIN_MS || held.length > MOST_HELD) release();
  };
  const release = (): void => {
    for (const command of held) report(command);
    held = [];
  };
  const run = ({ isExact, line, cwd }: Run): void => {
    tell(null); // its end was never told: something took the hook away
    running = { ...(isExact ? { ...said(line), captured: 'shell' } : asTyped(line)), cwd, started_at: time() };
  };
  /** The line is the last of the shell's history, or one that the history does not take: what was typed tells which. */
  const asTyped = (last: Line): Pick<Running, 'command' | 'cut' | 'captured'> => {
    const { typed } = lines;
    const text = typed.is === 'known' ? typed.text : '';
    if (typed.is === 'recalled' || text.trim() === last.text.trim()) return { ...said(last), captured: 'shell' };
    return { ...said(cutLine(text)), captured: 'typed' };
  };
  const tell = (exitCode: number | null): void => {
    if (running !== null) report({ session_id: sessionId, ...running, exit_code: exitCode, ended_at: time() });
    running = null;
  };
  return {
    typed: (bytes) => lines.keys(bytes),
    shown(bytes) {
      if (!isTelling) lines.shown(bytes);
    },
    mark(content) {
      const mark = nonce === null ? null : parseMark(content, nonce);
      if (mark === null) return;
      if (!isTelling) {
        isTelling = true;
        held = []; // the shell reads them now, and tells
        telling();
      }
      if (mark.type === 'run') run(mark);
      else {
        tell(mark.exitCode);
        lines.begin();
      }
    },
    ended(exitCode) {
      tell(exitCode);
      if (!isTelling) release();
    },
  };
}

const said = ({ text, cut }: Line) => ({ command: text, ...(cut && { cut }) });
