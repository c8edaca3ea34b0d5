/** Which columns of a table fit. Pure. */

export interface ColumnSize {
  readonly id: string;
  /** It is never narrower, in rem. */
  readonly min: number;
  /** Its share of what is left; 0: it stays at its least. */
  readonly grow: number;
  /** Where not all fit, those with the highest rank go first. */
  readonly rank: number;
}

/** The space between two columns, in rem: as in the style of the table. */
const GAP = 0.75;

/** The columns that fit into `width` rem, in their own order; the one of the lowest rank is always there. */
export function fittingColumns<C extends ColumnSize>(columns: readonly C[], width: number): readonly C[] {
  let left = width;
  const fitting = new Set<string>();
  for (const column of columns.toSorted((a, b) => a.rank - b.rank)) {
    left -= column.min + GAP;
    if (left < 0 && fitting.size > 0) break;
    fitting.add(column.id);
  }
  return columns.filter((column) => fitting.has(column.id));
}

/** A track of a CSS grid. */
export const trackOf = ({ min, grow }: ColumnSize): string => (grow > 0 ? `minmax(${min}rem, ${grow}fr)` : `${min}rem`);
