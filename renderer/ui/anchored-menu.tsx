/** A menu that opens beside an element or a point: for lists where one menu serves every row. */
import { Menu as Base } from '@base-ui/react/menu';
import './menu.css';
import type { MenuEntry } from './menu-entry.ts';
import { MenuLines } from './menu-lines.tsx';

/** Where a menu is open: at an element, or at a point of the window. */
export type MenuPlace = Element | { readonly x: number; readonly y: number };

interface AnchoredMenuProps {
  /** Null: it is closed. */
  readonly place: MenuPlace | null;
  readonly entries: readonly MenuEntry[];
  readonly onClose: () => void;
}

const anchorOf = (place: MenuPlace | null) => {
  if (place === null || place instanceof Element) return place;
  const at = new DOMRect(place.x, place.y, 0, 0);
  return { getBoundingClientRect: () => at };
};

export function AnchoredMenu({ place, entries, onClose }: AnchoredMenuProps) {
  return (
    <Base.Root open={place !== null} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Positioner anchor={anchorOf(place)} align="start" sideOffset={2} className="ui-menu-positioner">
          <Base.Popup className="ui-menu">
            <MenuLines entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
