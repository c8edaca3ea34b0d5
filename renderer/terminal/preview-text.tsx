/** A text of others to be looked over before it is used: exact, with what is not seen made visible, and scrolled by keyboard too. */
import { showPaste } from './paste.ts';

interface PreviewTextProps {
  readonly label: string;
  readonly text: string;
}

const MOST_ROWS = 12;

export function PreviewText({ label, text }: PreviewTextProps) {
  // The mark says that the last line ends; an empty row would say that there is one more.
  const shown = showPaste(text).replace(/\n$/, '');
  const rows = Math.min(MOST_ROWS, shown.split('\n').length);
  return <textarea className="terminal-preview" aria-label={label} readOnly rows={rows} value={shown} />;
}
