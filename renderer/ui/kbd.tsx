/** A shortcut as keys. */
import './kbd.css';

/** `chord` as it is shown: `Ctrl+Shift+C`, or `⇧⌘C` on a Mac. */
export function Kbd({ chord }: { readonly chord: string }) {
  return (
    <kbd className="ui-kbd">
      {chord.split('+').map((key) => (
        <span key={key}>{key}</span>
      ))}
    </kbd>
  );
}
