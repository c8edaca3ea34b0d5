/** The emulator without a window, as a screen for tests: what it shows can be read. */
import { Terminal } from '@xterm/headless';
import { watchAnswers } from '../answers.ts';
import type { Screen } from '../screen.ts';

export interface HeadlessScreen extends Screen {
  readonly terminal: Terminal;
  /** All rows there are, without empty ones at the end. */
  text(): string;
}

interface Listeners {
  readonly answered: (data: string) => void;
  readonly typed: (data: string) => void;
}

export function createHeadlessScreen({ answered, typed }: Listeners, cols = 80, rows = 24): HeadlessScreen {
  const terminal = new Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true });
  const answers = watchAnswers(terminal.parser);
  terminal.onData((data) => (answers.isAnswering() ? answered(data) : typed(data)));
  return {
    terminal,
    get alternate() {
      return terminal.buffer.active.type === 'alternate';
    },
    write: (bytes, drawn) =>
      terminal.write(bytes, () => {
        answers.parsed();
        drawn();
      }),
    text() {
      const { active } = terminal.buffer;
      const lines = Array.from({ length: active.length }, (_, row) =>
        (active.getLine(row)?.translateToString() ?? '').trimEnd(),
      );
      return lines.join('\n').trimEnd();
    },
  };
}
