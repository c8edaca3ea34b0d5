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

/** Whether it has a size: the dock shows a panel a moment after it says so, and what has no size takes no focus. */
export function useLaidOut(element: RefObject<HTMLElement | null>): boolean {
  const [laidOut, setLaidOut] = useState(false);
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setLaidOut(entry.contentRect.width > 0 && entry.contentRect.height > 0);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
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
