/** What is drawn where output is missing: a line that says so, then the modes that hold from there on. */

/** Why the next byte is not the one after the last. */
export type Jump =
  | { readonly why: 'truncated' | 'moved'; readonly missing: number }
  /** A screen that starts anew, at this byte of the session. */
  | { readonly why: 'fresh'; readonly start: number };

const encoder = new TextEncoder();

/**
 * Ends whatever sequence was cut, shows the usual screen with its cursor, and lets go of mouse, paste and keypad modes,
 * margins and colours. CAN first: a cut-off string must not be executed.
 */
const TO_KNOWN_STATE = '\u0018\u001b[?1047l\u001b[!p\u001b[?1000l\u001b[?1006l';
/** A full reset: an empty screen without scrollback. */
const TO_EMPTY = '\u0018\u001bc\u001b[?1000l\u001b[?1006l';

/** What to write to the emulator for a jump; `modes` are the escape sequences that came with it. */
export function jumpBytes(jump: Jump, modes: string): Uint8Array {
  const statement = stated(jump);
  const start = jump.why === 'fresh' ? TO_EMPTY : `${TO_KNOWN_STATE}\r\n`;
  return encoder.encode(start + (statement === null ? '' : line(statement)) + modes);
}

/** The sentence for a jump; null when nothing is missing. */
export function stated(jump: Jump): string | null {
  switch (jump.why) {
    case 'truncated':
      return `${bytes(jump.missing)} of output ${verb(jump.missing)} missing here`;
    case 'moved':
      return `${bytes(jump.missing)} of output ${jump.missing === 1 ? 'was' : 'were'} skipped here to keep up`;
    case 'fresh':
      return jump.start === 0 ? null : `The first ${bytes(jump.start)} of this session ${verb(jump.start)} not shown`;
  }
}

const bytes = (count: number): string => `${count.toLocaleString('en-US')} ${count === 1 ? 'byte' : 'bytes'}`;
const verb = (count: number): string => (count === 1 ? 'is' : 'are');
/** In reverse video, on a row of its own. */
const line = (text: string): string => `\u001b[K\u001b[7m ${text} \u001b[0m\r\n`;
