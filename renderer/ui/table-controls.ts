/** How a table answers keys and clicks: which row is active, which are ticked, where its menu is open. */
import { useState, type FocusEvent, type KeyboardEvent, type MouseEvent } from 'react';
import type { MenuPlace } from './anchored-menu.tsx';
import type { DataTableProps } from './table-model.ts';
import { indexAt, moved } from './list-keys.ts';
import { allToggled, extended, nothingSelected, toggled } from './row-selection.ts';

type Given<T> = Pick<DataTableProps<T>, 'rows' | 'keyOf' | 'ticking' | 'onOpen' | 'menuOf'> & {
  readonly rowId: (key: string) => string;
  readonly scrollTo: (at: number) => void;
  /** How many rows are in sight. */
  readonly inSight: () => number;
};

/** A part of a row that does something by itself: the row leaves clicks on it alone. */
const ownControls = 'button, a, input, [role="checkbox"]';
const withCommand = (event: KeyboardEvent | MouseEvent) => event.ctrlKey || event.metaKey;
const wantsMenu = (event: KeyboardEvent) => event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);

export function useTableControls<T>({ rows, keyOf, ticking, onOpen, menuOf, rowId, scrollTo, inSight }: Given<T>) {
  const [active, setActive] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ readonly place: MenuPlace; readonly row: T } | null>(null);
  const activeAt = active === null ? -1 : rows.findIndex((row) => keyOf(row) === active);
  const activeRow = rows[activeAt];

  const goTo = (at: number) => {
    const row = rows[at];
    if (row === undefined) return;
    setActive(keyOf(row));
    scrollTo(at);
  };
  const openMenu = (row: T, place: MenuPlace) => {
    setActive(keyOf(row));
    setMenu({ row, place });
  };
  const tick = (key: string, range = false) => {
    if (!ticking) return;
    const { selection } = ticking;
    ticking.onChange(range ? extended(selection, key, rows.map(keyOf)) : toggled(selection, key));
  };
  /** Each tells whether the key was its own. */
  const tickingKey = (event: KeyboardEvent): boolean => {
    if (!ticking) return false;
    if (event.key === ' ' && activeRow !== undefined) tick(keyOf(activeRow), event.shiftKey);
    else if (event.key.toLowerCase() === 'a' && withCommand(event))
      ticking.onChange(allToggled(ticking.selection, rows.map(keyOf)));
    else if (event.key === 'Escape' && ticking.selection.keys.size > 0) ticking.onChange(nothingSelected);
    else return false;
    return true;
  };
  const rowKey = (event: KeyboardEvent): boolean => {
    if (activeRow === undefined) return false;
    if (event.key === 'Enter') onOpen(activeRow);
    else if (menuOf && wantsMenu(event))
      openMenu(activeRow, document.getElementById(rowId(keyOf(activeRow))) ?? { x: 0, y: 0 });
    else return false;
    return true;
  };
  const movingKey = (event: KeyboardEvent): boolean => {
    const to = withCommand(event) || event.altKey ? null : moved(event.key, activeAt, rows.length, inSight());
    if (to !== null) goTo(to);
    return to !== null;
  };
  const rowAt = (target: EventTarget): T | undefined => rows[indexAt(target) ?? -1];

  const handlers = {
    onFocus: (event: FocusEvent) => {
      if (event.target === event.currentTarget && activeAt === -1) goTo(0);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget) return;
      if (movingKey(event) || tickingKey(event) || rowKey(event)) event.preventDefault();
    },
    onClick: (event: MouseEvent) => {
      const row = rowAt(event.target);
      if (row === undefined || (event.target instanceof Element && event.target.closest(ownControls))) return;
      setActive(keyOf(row));
      if (event.shiftKey || withCommand(event)) tick(keyOf(row), event.shiftKey);
      else if (event.detail === 2) onOpen(row);
    },
    onContextMenu: (event: MouseEvent) => {
      const row = rowAt(event.target);
      if (row === undefined || !menuOf) return;
      event.preventDefault();
      openMenu(row, { x: event.clientX, y: event.clientY });
    },
  };
  return {
    active: activeRow === undefined ? null : active,
    menu,
    openMenu,
    closeMenu: () => setMenu(null),
    tick,
    handlers,
  };
}
