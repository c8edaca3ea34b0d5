/** A table for thousands of rows: only those in sight exist; sorted by its headings, walked and ticked by keyboard. */
import { useId, useRef } from 'react';
import { AnchoredMenu } from './anchored-menu.tsx';
import { DataTableHead } from './data-table-head.tsx';
import { DataTableRow } from './data-table-row.tsx';
import './data-table.css';
import { fittingColumns, trackOf } from './fit-columns.ts';
import { useRowHeight } from './row-height.ts';
import { allToggled } from './row-selection.ts';
import { useTableControls } from './table-controls.ts';
import type { DataTableProps, Ticking } from './table-model.ts';
import { useElementWidth } from './use-element-width.ts';
import { useVirtualRows } from './use-virtual-rows.ts';

/** The space at both ends of a row, the box to tick and the button of the menu. */
const AROUND_REM = 6.5;
const pixelsPerRem = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize);

/** All of them until the width is known. */
const columnsFor = <T,>(columns: DataTableProps<T>['columns'], width: number) =>
  width === 0 ? columns : fittingColumns(columns, width / pixelsPerRem() - AROUND_REM);

const tickedOf = (ticking: Ticking | undefined, rows: number) =>
  ticking && { some: ticking.selection.keys.size > 0, all: rows > 0 && ticking.selection.keys.size === rows };

export function DataTable<T>(props: DataTableProps<T>) {
  const { label, rows, keyOf, nameOf, sort, onSort, ticking, menuOf, stale } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLTableElement>(null);
  const width = useElementWidth(scroller);
  const rowHeight = useRowHeight('--row');
  const virtual = useVirtualRows(rows.length, rowHeight, scroller);
  const id = useId();
  const rowId = (key: string) => `${id}-${key}`;
  const controls = useTableControls({
    ...props,
    rowId,
    scrollTo: (at) => virtual.scrollToIndex(at),
    inSight: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1),
  });
  const { active } = controls;
  const columns = columnsFor(props.columns, width);
  const tracks = [ticking && '1.25rem', ...columns.map(trackOf), menuOf && '1.75rem'];
  const template = tracks.filter(Boolean).join(' ');

  return (
    <div className="ui-table" data-stale={stale || undefined}>
      <div ref={scroller} className="ui-table-scroller">
        <table
          ref={grid}
          className="ui-table-grid"
          role="grid"
          tabIndex={0}
          aria-label={label}
          aria-rowcount={rows.length + 1}
          aria-multiselectable={ticking !== undefined}
          aria-activedescendant={active === null ? undefined : rowId(active)}
          {...controls.handlers}
        >
          <DataTableHead
            columns={columns}
            tracks={template}
            sort={sort}
            onSort={onSort}
            menu={menuOf !== undefined}
            ticked={tickedOf(ticking, rows.length)}
            onTickAll={() => ticking?.onChange(allToggled(ticking.selection, rows.map(keyOf)))}
          />
          <tbody className="ui-table-rows" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index];
              if (row === undefined) return null;
              const key = keyOf(row);
              return (
                <DataTableRow
                  key={key}
                  id={rowId(key)}
                  row={row}
                  name={nameOf(row)}
                  at={item.index}
                  start={item.start}
                  columns={columns}
                  tracks={template}
                  active={key === active}
                  ticked={ticking?.selection.keys.has(key)}
                  onTick={() => controls.tick(key)}
                  onMenu={menuOf && ((place) => controls.openMenu(row, place))}
                />
              );
            })}
          </tbody>
        </table>
        {rows.length === 0 && <div className="ui-table-empty">{props.empty}</div>}
      </div>
      <AnchoredMenu
        place={controls.menu?.place ?? null}
        entries={controls.menu && menuOf ? menuOf(controls.menu.row) : []}
        onClose={() => {
          controls.closeMenu();
          grid.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}
