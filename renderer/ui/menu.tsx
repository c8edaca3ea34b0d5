/** A menu under a button. */
import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import './menu.css';
import type { MenuEntry } from './menu-entry.ts';
import { MenuLines } from './menu-lines.tsx';

interface MenuProps {
  /** The button that opens it; it carries the name. */
  readonly trigger: ReactElement;
  readonly entries: readonly MenuEntry[];
  readonly side?: 'top' | 'bottom';
  readonly align?: 'start' | 'end';
}

export function Menu({ trigger, entries, side = 'bottom', align = 'start' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={4} className="ui-menu-positioner">
          <Base.Popup className="ui-menu">
            <MenuLines entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
