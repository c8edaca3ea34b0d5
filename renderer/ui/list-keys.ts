/** Where the keyboard and the pointer go in a list. */

/** The next place for a key; null where the key does not move. `page`: how many rows are in sight. */
export function moved(key: string, at: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: count - 1 }[
    key
  ];
  return to === undefined ? null : Math.min(count - 1, Math.max(0, to));
}

/** The row that a click fell on: its `data-row-at`. */
export function indexAt(target: EventTarget): number | null {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-row-at]') : null;
  return row ? Number(row.dataset['rowAt']) : null;
}
