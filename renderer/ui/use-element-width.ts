/** How wide an element is now. */
import { useEffect, useState, type RefObject } from 'react';

export function useElementWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element.current) return undefined;
    const observer = new ResizeObserver(([entry]) => (entry ? setWidth(entry.contentRect.width) : undefined));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
