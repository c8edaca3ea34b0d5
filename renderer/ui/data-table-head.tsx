/** The headings of a table, which sort it. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { Checkbox } from './checkbox.tsx';
import type { Column, Sort } from './table-model.ts';

interface HeadProps<T> {
  readonly columns: readonly Column<T>[];
  readonly tracks: string;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
  readonly menu: boolean;
  /** Undefined: rows of this table cannot be ticked. */
  readonly ticked: { readonly some: boolean; readonly all: boolean } | undefined;
  readonly onTickAll: () => void;
}

const sortState = (sort: Sort | undefined, column: string) => {
  if (sort?.column !== column) return 'none';
  return sort.descending ? 'descending' : 'ascending';
};

function Heading<T>({ column, sort, onSort }: { readonly column: Column<T> } & Pick<HeadProps<T>, 'sort' | 'onSort'>) {
  const state = sortState(sort, column.id);
  if (!column.sortable || !onSort)
    return (
      <th scope="col" className="ui-table-heading" data-align={column.align}>
        {column.title}
      </th>
    );
  return (
    <th scope="col" className="ui-table-heading" data-align={column.align} aria-sort={state}>
      <button type="button" onClick={() => onSort({ column: column.id, descending: state === 'ascending' })}>
        {column.title}
        {state === 'ascending' ? <ArrowUp aria-hidden="true" /> : null}
        {state === 'descending' ? <ArrowDown aria-hidden="true" /> : null}
      </button>
    </th>
  );
}

export function DataTableHead<T>({ columns, tracks, sort, onSort, menu, ticked, onTickAll }: HeadProps<T>) {
  return (
    <thead>
      <tr className="ui-table-head" aria-rowindex={1} style={{ gridTemplateColumns: tracks }}>
        {ticked ? (
          <th scope="col" className="ui-table-heading">
            <Checkbox
              label="Select all"
              hideLabel
              checked={ticked.all}
              partly={ticked.some && !ticked.all}
              onChange={onTickAll}
            />
          </th>
        ) : null}
        {columns.map((column) => (
          <Heading key={column.id} column={column} sort={sort} onSort={onSort} />
        ))}
        {menu ? (
          <th scope="col" className="ui-table-heading">
            <span className="ui-visually-hidden">Actions</span>
          </th>
        ) : null}
      </tr>
    </thead>
  );
}
