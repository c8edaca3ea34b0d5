/** xterm.js with what a session needs of it: grapheme widths, links, search, and its own answers told from typing. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/xterm';
import { watchAnswers } from './answers.ts';
import { emulatorOptions, scrollbackRows, type Appearance } from './emulator-options.ts';
import { answerGraphemeMode } from './graphemes.ts';
import type { Links } from './links.ts';
import type { Screen } from './screen.ts';

/** What a program may ask of the window: to keep and give back its title. Moving or reading the window is refused. */
const WINDOW_OPTIONS = { pushTitle: true, popTitle: true };
/** More matches than this are not counted. */
const MATCHES_COUNTED = 5000;

export interface Emulator {
  readonly terminal: Terminal;
  readonly screen: Screen;
  readonly fit: FitAddon;
  readonly search: SearchAddon;
  /** Whether data the terminal gives now is its own answer to a program, not typing. */
  isAnswering(): boolean;
  apply(appearance: Omit<Appearance, 'cols'>): void;
  dispose(): void;
}

export function createEmulator(appearance: Omit<Appearance, 'cols'>, links: Links): Emulator {
  const terminal = new Terminal({
    ...emulatorOptions({ ...appearance, cols: 80 }),
    allowProposedApi: true,
    linkHandler: links.handler,
    windowOptions: WINDOW_OPTIONS,
    // Alt+click would type arrow keys: a surprise.
    altClickMovesCursor: false,
    macOptionClickForcesSelection: true,
  });
  const fit = new FitAddon();
  const search = new SearchAddon({ highlightLimit: MATCHES_COUNTED });
  for (const addon of [fit, search, links.addon, new UnicodeGraphemesAddon()]) terminal.loadAddon(addon);
  answerGraphemeMode(terminal);
  let { settings } = appearance;
  terminal.onResize(({ cols }) => {
    terminal.options.scrollback = scrollbackRows(settings.scrollback, cols);
  });
  // Last, for the hook added last is called first: it sees every query.
  const answers = watchAnswers(terminal.parser);

  return {
    terminal,
    fit,
    search,
    screen: {
      get alternate() {
        return terminal.buffer.active.type === 'alternate';
      },
      write: (bytes, drawn) =>
        terminal.write(bytes, () => {
          answers.parsed();
          drawn();
        }),
    },
    isAnswering: () => answers.isAnswering(),
    apply(next) {
      ({ settings } = next);
      terminal.options = emulatorOptions({ ...next, cols: terminal.cols });
    },
    dispose: () => terminal.dispose(),
  };
}
