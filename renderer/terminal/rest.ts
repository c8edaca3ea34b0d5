/**
 * Lets a terminal that nobody sees rest: it parses on and draws nothing. Its own pause does not hold: each line that scrolls
 * draws all rows once more for the selection. There is no public way to take the renderer away, so this takes the one of the
 * emulator's addons; where that is gone, the terminal draws on unseen, which costs time but breaks nothing.
 */
import type { Terminal } from '@xterm/xterm';

interface RenderService {
  readonly dimensions: unknown;
  setRenderer(renderer: unknown): void;
  handleResize(cols: number, rows: number): void;
}

/** Returns what wakes it. */
export function rest(terminal: Terminal): () => void {
  const core: unknown = Reflect.get(terminal, '_core');
  const service = part(core, '_renderService');
  const createRenderer = part(core, '_createRenderer');
  if (!isRenderService(service) || typeof createRenderer !== 'function') return nothing;
  service.setRenderer(drawNothing(service.dimensions));
  return () => {
    service.setRenderer(Reflect.apply(createRenderer, core, []));
    service.handleResize(terminal.cols, terminal.rows);
  };
}

const nothing = (): void => undefined;

/** `dimensions`: what cells measured last; others still ask for them. */
const drawNothing = (dimensions: unknown): object => ({
  dimensions,
  onRequestRedraw: () => ({ dispose: nothing }),
  dispose: nothing,
  handleDevicePixelRatioChange: nothing,
  handleResize: nothing,
  handleCharSizeChanged: nothing,
  handleBlur: nothing,
  handleFocus: nothing,
  handleSelectionChanged: nothing,
  handleCursorMove: nothing,
  clear: nothing,
  renderRows: nothing,
  clearTextureAtlas: nothing,
});

function isRenderService(value: unknown): value is RenderService {
  return ['setRenderer', 'handleResize'].every((name) => typeof part(value, name) === 'function');
}

const part = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
