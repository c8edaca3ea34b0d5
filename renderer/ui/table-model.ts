/** What a table is made of. */
import type { ReactNode } from 'react';
import type { ColumnSize } from './fit-columns.ts';
import type { MenuEntry } from './menu-entry.ts';
import type { RowSelection } from './row-selection.ts';

export interface Column<T> extends ColumnSize {
  readonly title: string;
  readonly align?: 'start' | 'end';
  readonly sortable?: boolean;
  readonly cell: (row: T) => ReactNode;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

/** Rows that can be ticked. */
export interface Ticking {
  readonly selection: RowSelection;
  readonly onChange: (selection: RowSelection) => void;
}

export interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** The row's name for screen readers. */
  readonly nameOf: (row: T) => string;
  readonly sort?: Sort;
  readonly onSort?: (sort: Sort) => void;
  readonly ticking?: Ticking;
  /** Enter, or two clicks. */
  readonly onOpen: (row: T) => void;
  readonly menuOf?: (row: T) => readonly MenuEntry[];
  /** What it shows is no longer live. */
  readonly stale?: boolean;
  /** Instead of rows. */
  readonly empty?: ReactNode;
}
