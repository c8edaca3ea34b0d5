/** The lines of the machine list, of which only those in sight exist; one place of the Tab key, walked with the arrows. */
import { useId, useImperativeHandle, useRef, type Ref } from 'react';
import type { Machine } from '../../protocol/api/machines.ts';
import { AnchoredMenu } from '../ui/anchored-menu.tsx';
import type { MenuEntry } from '../ui/menu-entry.ts';
import { useRowHeight } from '../ui/row-height.ts';
import { useVirtualRows } from '../ui/use-virtual-rows.ts';
import type { ListRow } from './machine-list-rows.ts';
import { MachineTreeRow } from './machine-tree-row.tsx';
import { useTreeControls } from './tree-controls.ts';

export interface TreeHandle {
  /** Goes to the first machine; with `open`, opens it. */
  enter(open: boolean): void;
}

interface MachineTreeProps {
  readonly ref: Ref<TreeHandle>;
  readonly rows: readonly ListRow[];
  readonly stale: boolean;
  readonly isFavourite: (machine: Machine) => boolean;
  readonly openable: (machine: Machine) => boolean;
  readonly onOpen: (machine: Machine) => void;
  readonly onFavourite: (machine: Machine) => void;
  readonly onFold: (group: string) => void;
  readonly menuOf: (machine: Machine) => readonly MenuEntry[];
}

export function MachineTree({
  ref,
  rows,
  stale,
  isFavourite,
  openable,
  onOpen,
  onFavourite,
  onFold,
  menuOf,
}: MachineTreeProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight('--list-row');
  const virtual = useVirtualRows(rows.length, rowHeight, scroller);
  const id = useId();
  const { active, goTo, handlers, menu, closeMenu } = useTreeControls({ rows, onOpen, onFold }, id, {
    scrollTo: (at) => virtual.scrollToIndex(at),
    inSight: () => Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight),
  });
  useImperativeHandle(ref, () => ({
    enter: (open) => {
      const at = rows.findIndex((row) => row.kind === 'machine');
      const row = rows[at];
      goTo(at);
      if (open && row?.kind === 'machine') onOpen(row.machine);
      else scroller.current?.focus();
    },
  }));

  return (
    <>
      <div
        ref={scroller}
        className="machine-tree"
        role="tree"
        tabIndex={0}
        aria-label="Machines"
        aria-activedescendant={active === null ? undefined : `${id}-${active}`}
        data-stale={stale || undefined}
        {...handlers}
      >
        <div className="machine-tree-rows" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return (
              row && (
                <MachineTreeRow
                  key={row.key}
                  id={`${id}-${row.key}`}
                  row={row}
                  at={item.index}
                  count={rows.length}
                  start={item.start}
                  active={row.key === active}
                  favourite={row.kind === 'machine' && isFavourite(row.machine)}
                  onOpen={row.kind === 'machine' && openable(row.machine) ? () => onOpen(row.machine) : undefined}
                  onFavourite={row.kind === 'machine' ? () => onFavourite(row.machine) : undefined}
                />
              )
            );
          })}
        </div>
      </div>
      <AnchoredMenu
        place={menu?.place ?? null}
        entries={menu ? menuOf(menu.machine) : []}
        onClose={() => {
          closeMenu();
          scroller.current?.focus({ preventScroll: true });
        }}
      />
    </>
  );
}
