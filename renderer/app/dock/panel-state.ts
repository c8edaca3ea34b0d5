/** Whether a tab is in sight, and whether it is the active one, as React sees it. */
import type { DockviewPanelApi } from 'dockview-react';
import { useCallback, useEffect, useState, useSyncExternalStore, type RefObject } from 'react';

const onDocumentVisibility = (changed: () => void) => {
  document.addEventListener('visibilitychange', changed);
  return () => document.removeEventListener('visibilitychange', changed);
};
const isDocumentVisible = () => document.visibilityState === 'visible';

/** In sight: its tab is shown, and so is the window. */
export function usePanelVisible(api: DockviewPanelApi): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const visibility = api.onDidVisibilityChange(changed);
      const active = api.onDidActiveChange(changed);
      return () => {
        visibility.dispose();
        active.dispose();
      };
    },
    [api],
  );
  const shown = useSyncExternalStore(subscribe, () => api.isVisible);
  const windowShown = useSyncExternalStore(onDocumentVisibility, isDocumentVisible);
  return shown && windowShown;
}

/**
 * Whether it is there to be seen and focused: the dock places a panel, and makes it visible, a frame after it says that it did. What
 * has no size, or is hidden, takes no focus.
 */
export function useLaidOut(element: RefObject<HTMLElement | null>): boolean {
  const [laidOut, setLaidOut] = useState(false);
  useEffect(() => {
    const place = element.current;
    const overlay = place?.closest('.dv-render-overlay');
    if (!place || !overlay) return undefined;
    const look = () =>
      setLaidOut(place.clientWidth > 0 && place.clientHeight > 0 && getComputedStyle(place).visibility === 'visible');
    const size = new ResizeObserver(look);
    const style = new MutationObserver(look);
    size.observe(place);
    style.observe(overlay, { attributes: true, attributeFilter: ['style'] });
    look();
    return () => {
      size.disconnect();
      style.disconnect();
    };
  }, [element]);
  return laidOut;
}

/** The one tab of the whole dock that has the keyboard. */
export function usePanelActive(api: DockviewPanelApi): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const active = api.onDidActiveChange(changed);
      const group = api.onDidActiveGroupChange(changed);
      return () => {
        active.dispose();
        group.dispose();
      };
    },
    [api],
  );
  return useSyncExternalStore(subscribe, () => api.isActive && api.isGroupActive);
}
