/** Which lines of the palette answer what is typed, the best ones first. Pure. */

export interface Searchable {
  readonly title: string;
  /** Further words by which it is found, but not ranked. */
  readonly words?: string | undefined;
}

/** Lower is better; null: does not match. */
function rank(item: Searchable, query: readonly string[]): number | null {
  const title = item.title.toLowerCase();
  const all = item.words === undefined ? title : `${title} ${item.words.toLowerCase()}`;
  if (!query.every((word) => all.includes(word))) return null;
  const [first = ''] = query;
  if (title.startsWith(first)) return 0;
  if (title.split(/[\s\-_./@:]+/).some((part) => part.startsWith(first))) return 1;
  return title.includes(first) ? 2 : 3;
}

/** At most `limit` items that have every word that was typed; equal ones stay in their order. */
export function best<T extends Searchable>(items: readonly T[], query: string, limit: number): readonly T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items.slice(0, limit);
  const ranked: T[][] = [[], [], [], []];
  for (const item of items) {
    const at = rank(item, words);
    if (at !== null) ranked[at]?.push(item);
  }
  return ranked.flat().slice(0, limit);
}
