/** How the machine list answers keys and clicks. */
import { useState, type FocusEvent, type KeyboardEvent, type MouseEvent } from 'react';
import type { Machine } from '../../protocol/api/machines.ts';
import type { MenuPlace } from '../ui/anchored-menu.tsx';
import { indexAt, moved } from '../ui/list-keys.ts';
import type { ListRow } from './machine-list-rows.ts';

interface Lines {
  readonly rows: readonly ListRow[];
  readonly onOpen: (machine: Machine) => void;
  readonly onFold: (group: string) => void;
}
interface ListInSight {
  readonly scrollTo: (at: number) => void;
  /** How many lines are in sight. */
  readonly inSight: () => number;
}

const wantsMenu = (event: KeyboardEvent) => event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);

/** Which line is active, and how keys and clicks change that. */
export function useTreeControls({ rows, onOpen, onFold }: Lines, id: string, list: ListInSight) {
  const [active, setActive] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ readonly place: MenuPlace; readonly machine: Machine } | null>(null);
  const activeAt = rows.findIndex((row) => row.key === active);

  const goTo = (at: number) => {
    const row = rows[at];
    if (!row) return;
    setActive(row.key);
    list.scrollTo(at);
  };
  const act = (row: ListRow) => (row.kind === 'group' ? onFold(row.key) : onOpen(row.machine));
  const openMenu = (row: ListRow | undefined, place: MenuPlace) => {
    if (row?.kind !== 'machine') return;
    setActive(row.key);
    setMenu({ place, machine: row.machine });
  };
  /** Each tells whether the key was its own. */
  const movingKey = (event: KeyboardEvent): boolean => {
    const to = moved(event.key, activeAt, rows.length, list.inSight());
    if (to !== null) goTo(to);
    return to !== null;
  };
  const rowKey = (event: KeyboardEvent, row: ListRow | undefined): boolean => {
    if (!row) return false;
    if (event.key === 'Enter' || event.key === ' ') act(row);
    else if (wantsMenu(event)) openMenu(row, document.getElementById(`${id}-${row.key}`) ?? { x: 0, y: 0 });
    else return false;
    return true;
  };
  const foldKey = (event: KeyboardEvent, row: ListRow | undefined): boolean => {
    const turns = row?.kind === 'group' && event.key === (row.folded ? 'ArrowRight' : 'ArrowLeft');
    if (turns) onFold(row.key);
    return turns;
  };
  const rowAt = (target: EventTarget): ListRow | undefined => rows[indexAt(target) ?? -1];
  const handlers = {
    onFocus: (event: FocusEvent) => {
      if (event.target === event.currentTarget && activeAt === -1) goTo(0);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
      const row = rows[activeAt];
      if (movingKey(event) || rowKey(event, row) || foldKey(event, row)) event.preventDefault();
    },
    onClick: (event: MouseEvent) => {
      const row = rowAt(event.target);
      if (!row || (event.target instanceof Element && event.target.closest('button'))) return;
      setActive(row.key);
      if (row.kind === 'group' || event.detail === 2) act(row);
    },
    onContextMenu: (event: MouseEvent) => {
      event.preventDefault();
      openMenu(rowAt(event.target), { x: event.clientX, y: event.clientY });
    },
  };
  return { active: rows[activeAt]?.key ?? null, goTo, handlers, menu, closeMenu: () => setMenu(null) };
}
