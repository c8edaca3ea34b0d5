/**
 * Shortcuts as text: `Mod+Shift+K`. `Mod` is Command on a Mac and Ctrl elsewhere. Kept and compared as text, so that they can stand
 * in a settings file; read from a key event, shown to a person.
 */
export type Platform = 'mac' | 'other';

/** What is needed of a key event. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

const order = ['Ctrl', 'Alt', 'Shift', 'Meta'] as const;
const modifierKeys = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph', 'CapsLock', 'Fn', 'Dead']);

/** Keys that Shift or a layout changes are named by their place on the keyboard. */
const places: Readonly<Record<string, string>> = {
  Minus: '-',
  Equal: '=',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  BracketLeft: '[',
  BracketRight: ']',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Space: 'Space',
};

function keyOf(press: KeyPress): string | null {
  if (modifierKeys.has(press.key)) return null;
  if (/^[a-z]$/i.test(press.key)) return press.key.toUpperCase();
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1] ?? /^Digit(\d)$/.exec(press.code)?.[1];
  if (letter) return letter;
  return places[press.code] ?? (press.key.length === 1 ? press.key.toUpperCase() : press.key);
}

const joined = (modifiers: ReadonlySet<string>, key: string) =>
  [...order.filter((modifier) => modifiers.has(modifier)), key].join('+');

/** The chord that is being pressed; null while only modifiers are. */
export function chordOf(press: KeyPress): string | null {
  const key = keyOf(press);
  if (key === null) return null;
  const held = new Set<string>();
  if (press.ctrlKey) held.add('Ctrl');
  if (press.altKey) held.add('Alt');
  if (press.shiftKey) held.add('Shift');
  if (press.metaKey) held.add('Meta');
  return joined(held, key);
}

/** `Mod` put in its place and the modifiers in order, so that equal chords are equal text. */
export function canonical(chord: string, platform: Platform): string {
  const parts = chord.split('+').filter(Boolean);
  const key = parts.at(-1);
  if (key === undefined) return '';
  const mod = platform === 'mac' ? 'Meta' : 'Ctrl';
  const modifiers = parts.slice(0, -1).map((part) => (part === 'Mod' ? mod : part === 'Cmd' ? 'Meta' : part));
  return joined(new Set(modifiers), key.length === 1 ? key.toUpperCase() : key);
}

const macSigns: Readonly<Record<string, string>> = { Ctrl: '⌃', Alt: '⌥', Shift: '⇧', Meta: '⌘' };
const names: Readonly<Record<string, string>> = {
  Meta: 'Super',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Escape: 'Esc',
};

/** A chord as a person reads it. */
export function shown(chord: string, platform: Platform): string {
  const parts = canonical(chord, platform).split('+').filter(Boolean);
  if (platform !== 'mac') return parts.map((part) => names[part] ?? part).join('+');
  return parts.map((part) => macSigns[part] ?? names[part] ?? part).join('');
}

/** With Ctrl, these make a control character that a shell or a program in it reads. */
const controlKeys = /^([A-Z2-8@[\\\]^_/?`]|Space|Backspace|Enter)$/;
/** The same with Shift held too: Ctrl+_ (undo), Ctrl+@ and Ctrl+^. */
const shiftedControlKeys = /^[-26]$/;

/**
 * Whether a program in a terminal may be waiting for this chord. Such a chord is never taken from a terminal: plain keys, Ctrl with
 * what makes a control character, and Alt with a key (which is how shells see Meta).
 */
export function belongsToShell(chord: string): boolean {
  const parts = chord.split('+');
  const key = parts.at(-1) ?? '';
  const held = new Set(parts.slice(0, -1));
  if (held.has('Meta')) return false;
  if (!held.has('Ctrl')) return true;
  return (held.has('Shift') ? shiftedControlKeys : controlKeys).test(key);
}
