/** What goes into the store by the statement: SQLite takes 32,766 values in one. */

/** Without a size, rows of a few columns. */
export function* batchesOf<T>(all: readonly T[], size = 500): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}
