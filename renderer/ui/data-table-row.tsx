/** One row of a table. */
import { Ellipsis } from 'lucide-react';
import type { MenuPlace } from './anchored-menu.tsx';
import { Checkbox } from './checkbox.tsx';
import type { Column } from './table-model.ts';
import { IconButton } from './icon-button.tsx';

interface RowProps<T> {
  readonly id: string;
  readonly row: T;
  readonly name: string;
  readonly at: number;
  readonly start: number;
  readonly columns: readonly Column<T>[];
  readonly tracks: string;
  readonly active: boolean;
  /** Undefined: rows of this table cannot be ticked. */
  readonly ticked: boolean | undefined;
  readonly onTick: () => void;
  readonly onMenu: ((place: MenuPlace) => void) | undefined;
}

export function DataTableRow<T>(props: RowProps<T>) {
  const { id, row, name, at, start, columns, tracks, active, ticked, onTick, onMenu } = props;
  return (
    <tr
      id={id}
      className="ui-table-row"
      aria-label={name}
      aria-rowindex={at + 2}
      aria-selected={ticked ?? active}
      data-active={active || undefined}
      data-row-at={at}
      style={{ transform: `translateY(${start}px)`, gridTemplateColumns: tracks }}
    >
      {ticked === undefined ? null : (
        <td className="ui-table-cell">
          <Checkbox label={`Select ${name}`} hideLabel checked={ticked} onChange={onTick} tabIndex={-1} />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} className="ui-table-cell" data-align={column.align}>
          {column.cell(row)}
        </td>
      ))}
      {onMenu ? (
        <td className="ui-table-cell">
          <IconButton
            label={`More for ${name}`}
            icon={<Ellipsis />}
            size="sm"
            tabIndex={-1}
            onClick={(event) => onMenu(event.currentTarget)}
          />
        </td>
      ) : null}
    </tr>
  );
}
