/** Where the window was: kept in the profile, used again where a display still shows it. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';

const side = z.int().min(1).max(100_000);
const place = z.int().min(-100_000).max(100_000);
const savedState = z.object({
  bounds: z.object({ x: place, y: place, width: side, height: side }),
  maximized: z.boolean(),
});
type SavedState = z.infer<typeof savedState>;

export interface WindowState {
  /** Without a place the system chooses one. */
  readonly bounds: SavedState['bounds'] | Pick<SavedState['bounds'], 'width' | 'height'>;
  readonly maximized: boolean;
}

const atFirst: WindowState = { bounds: { width: 1280, height: 800 }, maximized: false };
/** Enough of the title bar to take hold of. */
const graspable = 60;

/** @param displays areas windows can be in */
export function loadWindowState(file: string, displays: readonly Rectangle[]): WindowState {
  try {
    return onADisplay(savedState.parse(JSON.parse(readFileSync(file, 'utf8'))), displays);
  } catch {
    // None yet, or not readable as one: it is worth no message.
    return atFirst;
  }
}

export function saveWindowState(file: string, state: SavedState): void {
  try {
    writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  } catch {
    // A full disk must not keep a window from closing.
  }
}

function onADisplay(state: SavedState, displays: readonly Rectangle[]): WindowState {
  const { x, y, width, height } = state.bounds;
  const seen = displays.some(
    (display) =>
      x + width - graspable > display.x &&
      x + graspable < display.x + display.width &&
      y >= display.y &&
      y + graspable < display.y + display.height,
  );
  return seen ? state : { ...state, bounds: { width, height } };
}
