/** Listens for the keys of actions, before anything else in the window does. */
import { useEffect } from 'react';
import type { ActionId } from './catalogue.ts';
import { actionFor, type ChordTable, type FocusPlace } from './chords.ts';

const textFields = 'input, textarea, select, [contenteditable="true"]';

/** What is closing already keeps no keys. */
const keepsKeys = [
  ...['dialog', 'alertdialog', 'menu', 'listbox'].map((role) => `[role="${role}"]:not([data-closed])`),
  '[data-takes-keys]',
].join(', ');

/** Null: whatever has the focus takes all keys for itself: a dialog, a field that records keys. */
function placeOf(target: EventTarget | null): FocusPlace | null {
  if (!(target instanceof Element)) return 'elsewhere';
  if (target.closest(keepsKeys)) return null;
  if (target.closest('.xterm')) return 'terminal';
  return target.closest(textFields) ? 'text' : 'elsewhere';
}

export function useShortcuts(table: ChordTable, perform: (action: ActionId) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const place = event.isComposing || event.getModifierState('AltGraph') ? null : placeOf(event.target);
      const action = place && actionFor(event, table, place);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      perform(action);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [table, perform]);
}
