/** How the person's settings become options of the emulator. */
import type { ITerminalOptions } from '@xterm/xterm';
import type { Settings } from '../../protocol/bridge/settings.ts';
import { COLOR_SCHEMES, MIN_CONTRAST, type Theme } from './color-scheme.ts';

export type TerminalSettings = Settings['terminal'];

const FONTS =
  "ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace";
/** What one tab's scrollback may take. Bytes. */
const SCROLLBACK_BUDGET = 64 * 1024 * 1024;
/** What the emulator keeps for a cell. Bytes. */
const CELL_BYTES = 12;

export interface Appearance {
  readonly settings: TerminalSettings;
  readonly theme: Theme;
  readonly cols: number;
}

export function emulatorOptions({ settings, theme, cols }: Appearance): ITerminalOptions {
  return {
    fontFamily: settings.font_family.trim() === '' ? FONTS : `${settings.font_family}, ${FONTS}`,
    fontSize: settings.font_size,
    lineHeight: settings.line_height,
    cursorStyle: settings.cursor,
    cursorBlink: settings.cursor_blink,
    cursorInactiveStyle: 'outline',
    scrollback: scrollbackRows(settings.scrollback, cols),
    screenReaderMode: settings.screen_reader,
    rightClickSelectsWord: false,
    theme: { ...COLOR_SCHEMES[theme] },
    minimumContrastRatio: MIN_CONTRAST,
  };
}

/** As many rows as asked for, as far as the tab's budget goes: wide terminals keep fewer. */
export function scrollbackRows(wanted: number, cols: number): number {
  return Math.min(wanted, Math.floor(SCROLLBACK_BUDGET / (cols * CELL_BYTES)));
}
