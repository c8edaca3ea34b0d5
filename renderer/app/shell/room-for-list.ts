/** A window in which the machine list would cover the tabs: it is put away, and comes back when there is room again. */
import { useEffect } from 'react';
import { sidebarChanged, type LayoutStore } from '../../state/layout.ts';

/** As in the style of the list. */
const narrow = window.matchMedia('(max-width: 760px)');

export function useRoomForList(layout: LayoutStore): void {
  useEffect(() => {
    let wasOpen = false;
    const show = (open: boolean) => layout.setState((state) => sidebarChanged(state, { open }));
    const change = () => {
      if (narrow.matches) {
        wasOpen = layout.getState().sidebar.open;
        show(false);
      } else if (wasOpen) show(true);
    };
    if (narrow.matches) change();
    narrow.addEventListener('change', change);
    return () => narrow.removeEventListener('change', change);
  }, [layout]);
}
