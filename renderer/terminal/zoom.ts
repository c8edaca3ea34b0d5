/** The size of the terminals' text, in steps; one for the whole app, kept in its settings. */
import { settings } from '../../protocol/bridge/settings.ts';

const STEP = 1;
const MIN = 6;
const MAX = 40;

export type ZoomAction = 'zoom-in' | 'zoom-out' | 'zoom-reset';

export function zoomed(size: number, action: ZoomAction): number {
  switch (action) {
    case 'zoom-in':
      return Math.min(size + STEP, MAX);
    case 'zoom-out':
      return Math.max(size - STEP, MIN);
    case 'zoom-reset':
      return settings.parse({}).terminal.font_size;
  }
}
