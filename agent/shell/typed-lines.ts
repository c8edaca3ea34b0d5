/**
 * Lines that were typed, for shells that do not tell what they run. A line counts once the terminal has shown it: a password is
 * typed and not shown. What was edited by other keys than these, or typed into a program that has the whole screen, is not known.
 */

const ENTER = new Set([0x0d, 0x0a]);
const ERASE = new Set([0x7f, 0x08]);
const [CTRL_C, CTRL_P, CTRL_U, CTRL_W, ESC, BEL, SPACE] = [0x03, 0x10, 0x15, 0x17, 0x1b, 0x07, 0x20];
const [NEWLINE, BACKSPACE, BRACKET, OSC, KEYPAD, BACKSLASH] = [0x0a, 0x08, 0x5b, 0x5d, 0x4f, 0x5c];
/** Of a line, and of what is shown since it was begun. Bytes. */
const MOST = 16 * 1024;
/** Answers of the terminal itself (places, colours, focus, mouse), and the marks around what is pasted. */
const NO_KEYS = /^\[(?:[\d;?>]*[RcnyIO]|<?[\d;]*[Mm]|20[01]~)$/u;
const PREVIOUS_KEYS: readonly string[] = ['[A', 'OA'];
const SCREEN = Buffer.from('\u001b[?1049');

/** `recalled`: the line before, by the one key for it. `unknown`: it was edited by other keys than these. */
export type Typed = { readonly is: 'known'; readonly text: string } | { readonly is: 'recalled' | 'unknown' };

export interface TypedLines {
  keys(bytes: Uint8Array): void;
  shown(bytes: Uint8Array): void;
  /** All that was ended by Enter since the last `begin`. */
  readonly typed: Typed;
  begin(): void;
}

interface Skipping {
  /** The escape sequence so far, without its ESC; null: outside of one. */
  sequence: string | null;
}

/** True while the byte belongs to an escape sequence; `whole` gets it once it ended. */
function skip(state: Skipping, byte: number, whole?: (sequence: string) => void): boolean {
  if (state.sequence === null) {
    if (byte === ESC) state.sequence = '';
    return byte === ESC;
  }
  state.sequence += String.fromCodePoint(byte);
  if (isOver(state.sequence, byte)) {
    whole?.(state.sequence);
    state.sequence = null;
  }
  return true;
}

function isOver(sequence: string, last: number): boolean {
  const first = sequence.codePointAt(0);
  if (first === BRACKET) return sequence.length > 1 && last >= 0x40 && last <= 0x7e;
  if (first === KEYPAD) return sequence.length > 1; // one letter more
  if (first !== OSC) return true;
  return last === BEL || (last === BACKSLASH && sequence.at(-2) === '\u001b') || sequence.length > MOST;
}

function withLine(typed: Typed, edited: 'no' | 'recalled' | 'otherwise', line: string): Typed {
  const isFirst = typed.is === 'known' && typed.text === '';
  if (edited === 'recalled') return { is: isFirst ? 'recalled' : 'unknown' };
  if (edited === 'otherwise' || typed.is !== 'known') return { is: 'unknown' };
  return { is: 'known', text: isFirst ? line : `${typed.text}\n${line}` };
}

export function createTypedLines(found: (line: string) => void): TypedLines {
  let line: number[] = [];
  let edited: 'no' | 'recalled' | 'otherwise' = 'no';
  let typed: Typed = { is: 'known', text: '' };
  /** Ended by Enter, and not yet shown. Null: not known. */
  let waiting: (Buffer | null)[] = [];
  let seen: number[] = [];
  let isFullScreen = false;
  let tail = Buffer.alloc(0);
  const [ofKeys, ofOutput]: [Skipping, Skipping] = [{ sequence: null }, { sequence: null }];

  const clear = (): void => {
    line = [];
    edited = 'no';
  };
  const enter = (): void => {
    const whole = Buffer.from(line);
    typed = withLine(typed, edited, whole.toString('utf8'));
    if (!isFullScreen) waiting.push(edited !== 'no' || whole.length === 0 ? null : whole);
    clear();
  };
  const erase = (): void => {
    while (line.length > 0 && ((line.pop() ?? 0) & 0xc0) === 0x80); // all bytes of one character
  };
  const eraseWord = (): void => {
    const isBlank = () => line.at(-1) === SPACE;
    while (line.length > 0 && isBlank()) line.pop();
    while (line.length > 0 && !isBlank()) line.pop();
  };
  const append = (byte: number): void => {
    if (edited === 'recalled') edited = 'otherwise';
    line.push(byte);
  };
  const otherKey = (isPrevious: boolean): void => {
    edited = isPrevious && edited === 'no' && line.length === 0 ? 'recalled' : 'otherwise';
  };
  const key = (byte: number): void => {
    if (line.length === 0 && waiting.length === 0) seen = [];
    if (ENTER.has(byte)) enter();
    else if (ERASE.has(byte)) erase();
    else if (byte === CTRL_C || byte === CTRL_U) clear();
    else if (byte === CTRL_W) eraseWord();
    else if (byte < SPACE || line.length >= MOST) otherKey(byte === CTRL_P);
    else append(byte);
  };
  const shownByte = (byte: number): void => {
    if (byte === BACKSPACE) seen.pop();
    else if (byte === NEWLINE) newline();
    else if (byte >= SPACE) seen.push(byte);
    if (seen.length > MOST) seen = [];
  };
  const newline = (): void => {
    const ended = waiting.shift();
    if (ended && Buffer.from(seen.slice(-ended.length)).equals(ended)) found(ended.toString('utf8'));
    seen = [];
  };
  const watchScreen = (bytes: Uint8Array): void => {
    const both =
      tail.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : Buffer.concat([tail, bytes]);
    const at = both.lastIndexOf(SCREEN);
    const last = at < 0 ? undefined : both[at + SCREEN.length];
    if (last !== undefined) isFullScreen = last === 0x68; // h
    const escape = both.lastIndexOf(ESC);
    tail = escape >= 0 && both.length - escape <= SCREEN.length ? Buffer.from(both.subarray(escape)) : Buffer.alloc(0);
  };
  return {
    keys(bytes) {
      for (const byte of bytes) {
        const isKey = !skip(ofKeys, byte, (sequence) => {
          if (!NO_KEYS.test(sequence)) otherKey(PREVIOUS_KEYS.includes(sequence));
        });
        if (isKey) key(byte);
      }
    },
    shown(bytes) {
      if (!isFullScreen && (line.length > 0 || waiting.length > 0)) {
        for (const byte of bytes) if (!skip(ofOutput, byte)) shownByte(byte);
      }
      watchScreen(bytes);
    },
    get typed() {
      return typed;
    },
    begin() {
      typed = { is: 'known', text: '' };
      waiting = [];
      clear();
    },
  };
}
