/**
 * Whose size holds: who controls fits the screen to the window and tells the session; who views takes the session's size, and the
 * window shows as much of it as it can.
 */
import type { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';
import type { AttachMode } from '../../protocol/wire/control.ts';
import type { Timer } from './acks.ts';
import { createFitting } from './fitting.ts';
import type { Size } from './screen.ts';
import { createSizeReport } from './size-report.ts';

interface SizingParts {
  readonly terminal: Pick<Terminal, 'cols' | 'rows' | 'resize'>;
  readonly fit: Pick<FitAddon, 'proposeDimensions'>;
  readonly element: HTMLElement;
  readonly send: (size: Size) => void;
  readonly after: Timer;
  /** The size is known for the first time. */
  readonly firstFitted: () => void;
}

export interface Sizing {
  size(): Size;
  attached(mode: AttachMode, size: Size): void;
  detached(): void;
  /** The session has this size where the screen is now. */
  given(size: Size): void;
  /** The screen went on at another byte: what a full-screen program had drawn is gone. */
  redraw(): void;
  /** The font, or what is around the screen, changed. */
  request(): void;
  dispose(): void;
}

export function createSizing({ terminal, fit, element, send, after, firstFitted }: SizingParts): Sizing {
  let viewing = false;
  let fitted: Size | null = null;
  const size = (): Size => ({ cols: terminal.cols, rows: terminal.rows });
  const report = createSizeReport({ size, send, after });

  const resize = ({ cols, rows }: Size): void => {
    if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows);
  };
  const fitting = createFitting({
    fit,
    element,
    fitted(next) {
      const isFirst = fitted === null;
      fitted = next;
      if (!viewing) resize(next);
      if (isFirst) firstFitted();
      else if (!viewing) report.changed();
    },
  });

  return {
    size,
    attached(mode, given) {
      viewing = mode === 'view';
      if (viewing) return report.unknown();
      if (fitted !== null) resize(fitted);
      report.known(given);
    },
    detached: () => report.unknown(),
    given(next) {
      if (viewing) resize(next);
    },
    redraw: () => report.nudge(),
    request: () => fitting.request(),
    dispose() {
      report.unknown();
      fitting.dispose();
    },
  };
}
