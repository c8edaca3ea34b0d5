/** How many characters will fit in a terminal that is not there yet: its shell then starts at about the right size. Pure. */
import type { Settings } from '../../../protocol/bridge/settings.ts';

/** Widths of fixed-width fonts are about 0.6 of their size. */
const WIDTH_OF_SIZE = 0.602;
/** The tab strip and the space around the screen. Pixels. */
const AROUND_X = 24;
const AROUND_Y = 52;

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.floor(value)));

export function estimatedSize(
  area: { readonly width: number; readonly height: number },
  { font_size: size, line_height: line }: Pick<Settings['terminal'], 'font_size' | 'line_height'>,
): { readonly cols: number; readonly rows: number } {
  return {
    cols: within((area.width - AROUND_X) / (size * WIDTH_OF_SIZE), 20, 500),
    rows: within((area.height - AROUND_Y) / (size * line), 5, 200),
  };
}
