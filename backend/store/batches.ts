/** Rows by the statement: SQLite takes 32,766 values in one, and who has many accounts has many rows. */
const AT_ONCE = 500;

export function* batchesOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += AT_ONCE) yield rows.slice(from, from + AT_ONCE);
}
