/** The rows of a long list that are in sight. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, type RefObject } from 'react';

export function useVirtualRows(count: number, rowHeight: number, scroller: RefObject<HTMLElement | null>) {
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  // It keeps the sizes it was told once.
  useEffect(() => rows.measure(), [rows, rowHeight]);
  return rows;
}
