/** Every way the browser brings foreign text into the terminal: caught before the emulator sees it, and handed to one place. */

/** Edits that bring text from elsewhere without the events above; composing, which is typing, is none of them. */
const EDITS = new Set(['insertFromPaste', 'insertFromPasteAsQuotation', 'insertFromDrop', 'insertFromYank']);

/**
 * `paste` events are made by Ctrl+Shift+V, Shift+Insert, Cmd+V, the middle button on Linux and the browser's own menu; the
 * others are text that is dropped, and editing that the browser does by itself. Returns what ends it.
 */
export function catchPastes(element: HTMLElement, pasted: (text: string) => void): () => void {
  const ending = new AbortController();
  const catching = { capture: true, signal: ending.signal };
  const take = (event: Event, text: string | null | undefined): void => {
    event.preventDefault();
    event.stopPropagation();
    if (text) pasted(text);
  };

  element.addEventListener('paste', (event) => take(event, event.clipboardData?.getData('text/plain')), catching);
  element.addEventListener(
    'drop',
    (event) => {
      if (!isMoved(event)) take(event, event.dataTransfer?.getData('text/plain'));
    },
    catching,
  );
  element.addEventListener('dragover', (event) => allowDrop(event), catching);
  element.addEventListener(
    'beforeinput',
    (event) => {
      if (EDITS.has(event.inputType)) take(event, event.data);
    },
    catching,
  );
  return () => ending.abort();
}

/** What can only be moved is no text from elsewhere but a part of the window, such as a tab on its way to a split. */
const isMoved = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.effectAllowed === 'move';

/** Without it nothing can be dropped; a file would otherwise replace the page. */
function allowDrop(event: DragEvent): void {
  if (isMoved(event)) return;
  event.preventDefault();
  if (event.dataTransfer)
    event.dataTransfer.dropEffect = event.dataTransfer.types.includes('text/plain') ? 'copy' : 'none';
}
