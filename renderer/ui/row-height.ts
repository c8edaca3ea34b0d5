/** The height of a row in pixels, as the density and the size of type make it: what a virtual list counts with. */
import { useSyncExternalStore } from 'react';

const subscribe = (changed: () => void) => {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-density', 'style'] });
  window.addEventListener('resize', changed);
  return () => {
    observer.disconnect();
    window.removeEventListener('resize', changed);
  };
};

function heightOf(token: '--row' | '--list-row'): number {
  const style = getComputedStyle(document.documentElement);
  return Math.round(Number.parseFloat(style.getPropertyValue(token)) * Number.parseFloat(style.fontSize));
}

const readRow = () => heightOf('--row');
const readListRow = () => heightOf('--list-row');

export function useRowHeight(token: '--row' | '--list-row'): number {
  return useSyncExternalStore(subscribe, token === '--row' ? readRow : readListRow);
}
