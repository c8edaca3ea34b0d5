/**
 * How the screen is drawn: by WebGL where that is to be had, else by the emulator's own DOM renderer; not at all while hidden.
 * Browsers keep about sixteen contexts and take any of them back at will; the text is drawn on meanwhile, and WebGL is tried
 * again later.
 */
import { WebglAddon } from '@xterm/addon-webgl';
import type { Terminal } from '@xterm/xterm';
import type { Timer } from './acks.ts';
import { rest } from './rest.ts';

const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 5 * 60_000;

interface RenderingParts {
  readonly terminal: Terminal;
  /** Where the terminal was opened. */
  readonly element: HTMLElement;
  readonly after: Timer;
}

export interface Rendering {
  /** `webgl`: the settings allow it. */
  show(webgl: boolean): void;
  hide(): void;
  /** Focus events it makes by itself are under way: they are none of the person's. */
  isSwitching(): boolean;
  dispose(): void;
}

export function createRendering({ terminal, element, after }: RenderingParts): Rendering {
  let addon: WebglAddon | null = null;
  let wanted = false;
  let switching = false;
  let retryMs = FIRST_RETRY_MS;
  let cancelRetry: (() => void) | null = null;
  let wake: (() => void) | null = null;

  /**
   * The addon (0.19) forgets the timer of its blinking cursor, which keeps the whole terminal in memory; it stops it when the
   * focus goes.
   */
  const withoutFocus = (act: () => void): void => {
    const { textarea } = terminal;
    const hasFocus = textarea !== undefined && textarea === textarea.ownerDocument.activeElement;
    switching = true;
    textarea?.dispatchEvent(new FocusEvent('blur'));
    act();
    if (hasFocus) textarea.dispatchEvent(new FocusEvent('focus'));
    switching = false;
  };

  /** The emulator draws by DOM from here on. A context that is only forgotten counts until it is collected: give it back. */
  const stop = (): void => {
    cancelRetry?.();
    cancelRetry = null;
    if (addon === null) return;
    const canvases = [...element.querySelectorAll('canvas')];
    const stopped = addon;
    addon = null;
    withoutFocus(() => stopped.dispose());
    for (const canvas of canvases) canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
  };

  const retryLater = (): void => {
    cancelRetry = after(retryMs, start);
    retryMs = Math.min(retryMs * 4, LONGEST_RETRY_MS);
  };

  const start = (): void => {
    if (!wanted || addon !== null) return;
    const next = new WebglAddon();
    try {
      terminal.loadAddon(next);
      addon = next;
    } catch {
      // This browser has no WebGL, or no context left.
      next.dispose();
      retryLater();
    }
  };

  /** The event does not bubble, but it is captured. The addon itself would wait three seconds, and the screen be black. */
  const contextLost = (): void => {
    if (addon === null) return;
    stop();
    retryLater();
  };
  element.addEventListener('webglcontextlost', contextLost, true);

  return {
    show(webgl) {
      wanted = webgl;
      wake?.();
      wake = null;
      if (webgl) start();
      else stop();
    },
    hide() {
      wanted = false;
      stop();
      wake ??= rest(terminal);
    },
    isSwitching: () => switching,
    dispose() {
      wanted = false;
      element.removeEventListener('webglcontextlost', contextLost, true);
      stop();
    },
  };
}
