/** Which rows of a table are ticked, and how clicks and keys change that. Pure. */

export interface RowSelection {
  readonly keys: ReadonlySet<string>;
  /** Where a range starts when Shift is held. */
  readonly anchor: string | null;
}

export const nothingSelected: RowSelection = { keys: new Set(), anchor: null };

export function toggled(selection: RowSelection, key: string): RowSelection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, anchor: key };
}

/** Adds all from the anchor to `key`, in the order of the table. */
export function extended(selection: RowSelection, key: string, order: readonly string[]): RowSelection {
  const to = order.indexOf(key);
  const from = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  if (from === -1 || to === -1) return toggled(selection, key);
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { keys: new Set([...selection.keys, ...between]), anchor: selection.anchor };
}

/** All of the rows, or none when all were. */
export function allToggled(selection: RowSelection, order: readonly string[]): RowSelection {
  return order.every((key) => selection.keys.has(key)) ? nothingSelected : { keys: new Set(order), anchor: null };
}
