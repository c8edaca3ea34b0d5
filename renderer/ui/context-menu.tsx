/** A menu at the pointer, or at what has the focus, for what is inside it. */
import { ContextMenu as Base } from '@base-ui/react/context-menu';
import { useState, type ReactNode } from 'react';
import './context-menu.css';
import './menu.css';
import type { MenuEntry } from './menu-entry.ts';
import { MenuLines } from './menu-lines.tsx';

interface ContextMenuProps {
  /** Asked each time it opens. */
  readonly items: () => readonly MenuEntry[];
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

export function ContextMenu({ items, disabled = false, children }: ContextMenuProps) {
  const [entries, setEntries] = useState<readonly MenuEntry[]>([]);
  return (
    <Base.Root disabled={disabled} onOpenChange={(open) => (open ? setEntries(items()) : undefined)}>
      <Base.Trigger className="ui-context-area">{children}</Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="ui-menu-positioner">
          <Base.Popup className="ui-menu">
            <MenuLines entries={entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
