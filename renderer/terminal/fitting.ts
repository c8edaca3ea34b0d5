/** How many columns and rows fit into the element the terminal is in: measured at most once a frame, within what the wire takes. */
import type { FitAddon } from '@xterm/addon-fit';
import type { Size } from './screen.ts';

const MIN: Size = { cols: 2, rows: 1 };
const MAX: Size = { cols: 1000, rows: 1000 };

interface FittingParts {
  readonly fit: Pick<FitAddon, 'proposeDimensions'>;
  /** What the terminal fills. */
  readonly element: HTMLElement;
  readonly fitted: (size: Size) => void;
}

export interface Fitting {
  /** Measures in the next frame. */
  request(): void;
  dispose(): void;
}

export function createFitting({ fit, element, fitted }: FittingParts): Fitting {
  let frame: number | null = null;
  const measure = (): void => {
    frame = null;
    const size = withinLimits(fit.proposeDimensions());
    if (size !== null && isShown(element)) fitted(size);
  };
  const request = (): void => {
    frame ??= requestAnimationFrame(measure);
  };
  const observer = new ResizeObserver(request);
  observer.observe(element);
  return {
    request,
    dispose() {
      observer.disconnect();
      if (frame !== null) cancelAnimationFrame(frame);
    },
  };
}

/** Null for what cannot be measured: an element that is not shown, or a font that is not there yet. */
export function withinLimits(size: Size | undefined): Size | null {
  if (size === undefined || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return null;
  return {
    cols: Math.min(Math.max(size.cols, MIN.cols), MAX.cols),
    rows: Math.min(Math.max(size.rows, MIN.rows), MAX.rows),
  };
}

const isShown = (element: HTMLElement): boolean => element.clientWidth > 0 && element.clientHeight > 0;
