/** What is done to tabs by hand: the cross, the middle button, the menu, keys on a tab that has the focus. */
import { useEffect, type RefObject } from 'react';

export interface TabGestures {
  readonly close: (panel: string) => void;
  readonly menu: (panel: string, tab: Element, at: { readonly x: number; readonly y: number } | null) => void;
  readonly rename: (panel: string) => void;
  /** The pointer went down on a tab: it is the active one from here on. */
  readonly choose: (panel: string) => void;
  /** The pointer left it again: what is in the active tab wants the keyboard. */
  readonly chosen: () => void;
}

interface OnTab {
  readonly panel: string;
  readonly tab: HTMLElement;
}

function tabOf(target: EventTarget | null): OnTab | null {
  const tab = target instanceof Element ? target.closest<HTMLElement>('.dv-tab') : null;
  const panel = tab?.dataset['tabPanelId'];
  return tab && panel !== undefined ? { panel, tab } : null;
}

const isOnCross = (event: Event) =>
  event.target instanceof Element && event.target.closest('[data-close-tab]') !== null;
const MAIN = 0;
const MIDDLE = 1;

/** Tabs are drawn by the dock's library, so all of them are listened to at the element around them, before it does. */
export function useTabGestures(
  around: RefObject<HTMLElement | null>,
  { close, menu, rename, choose, chosen }: TabGestures,
): void {
  useEffect(() => {
    const element = around.current;
    if (!element) return undefined;
    const ending = new AbortController();
    const take = (event: Event) => {
      event.preventDefault();
      event.stopPropagation();
    };
    const listen = <K extends keyof HTMLElementEventMap>(
      type: K,
      heard: (event: HTMLElementEventMap[K], on: OnTab) => void,
    ) =>
      element.addEventListener(
        type,
        (event) => {
          const on = tabOf(event.target);
          if (on) heard(event, on);
        },
        { capture: true, signal: ending.signal },
      );
    listen('pointerdown', (event, { panel }) => {
      // The library would begin a drag, or make the tab active.
      if (isOnCross(event) || event.button === MIDDLE) take(event);
      // It makes it active a frame later: a key that comes before would go to the tab that was left.
      else if (event.button === MAIN) choose(panel);
    });
    listen('click', (event, { panel }) => {
      if (isOnCross(event)) {
        take(event);
        close(panel);
      } else setTimeout(chosen);
    });
    listen('auxclick', (event, { panel }) => {
      if (event.button !== MIDDLE) return;
      take(event);
      close(panel);
    });
    listen('dblclick', (_, { panel }) => rename(panel));
    listen('contextmenu', (event, { panel, tab }) => {
      take(event);
      // From the keyboard it has no place of its own.
      menu(panel, tab, event.button === 2 ? { x: event.clientX, y: event.clientY } : null);
    });
    listen('keydown', (event, { panel }) => {
      const act = { Delete: close, Backspace: close, F2: rename }[event.key];
      if (!act || event.target !== tabOf(event.target)?.tab) return;
      take(event);
      act(panel);
    });
    return () => ending.abort();
  }, [around, close, menu, rename, choose, chosen]);
}
