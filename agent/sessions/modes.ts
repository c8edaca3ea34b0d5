/**
 * The modes a terminal is in after all that was written to it, and the escape sequences that put another one into the same:
 * xterm.js, for that is what draws. Not the text, not the cursor's place, not the colours, nor what a saved cursor brings back.
 */
const ON_AT_FIRST: ReadonlySet<number> = new Set([7, 25]);
/** DEC private modes that are on or off by themselves; a soft reset sets them back. */
const FLAGS = [1, 45, 66, 1004, 2004, 7, 25] as const;
const ANSI_FLAGS = [4, 20] as const;
const MOUSE_PROTOCOLS: ReadonlySet<number> = new Set([9, 1000, 1002, 1003]);
const MOUSE_ENCODINGS: ReadonlySet<number> = new Set([1006, 1016]);
const ALTERNATE_SCREENS: ReadonlySet<number> = new Set([47, 1047, 1049]);
const KEYPAD_MODE = 66;
const CURSOR_MODE = 25;
const ORIGIN_MODE = 6;
const VT52_MODE = 2;
const CHARSET_MARKS = ['(', ')', '*', '+'] as const;
/** Where a character set goes; those of 96 characters have marks of their own. */
const CHARSET_SLOTS: ReadonlyMap<string, number> = new Map([
  ...CHARSET_MARKS.map((mark, slot) => [mark, slot] as const),
  ['-', 1],
  ['.', 2],
]);
const SHIFTS = ['\u000f', '\u000e', '\u001bn', '\u001bo'] as const;
const SHIFT_OF_ESCAPE: ReadonlyMap<string, number> = new Map([
  ['~', 1],
  ['n', 2],
  ['}', 2],
  ['o', 3],
  ['|', 3],
]);

interface State {
  readonly flags: Set<number>;
  readonly ansiFlags: Set<number>;
  mouse: number | null;
  mouseEncoding: number | null;
  alternate: boolean;
  origin: boolean;
  /** Each screen has its own; those of the alternate one end with it. */
  margins: string;
  alternateMargins: string;
  cursorStyle: string;
  readonly charsets: string[];
  shift: number;
}

export interface Modes {
  /** A whole control sequence. `mark` is its private mark with the intermediates, `last` its final byte. */
  control(mark: string, parameters: string, last: string): void;
  /** A whole escape sequence, without its ESC. */
  escape(intermediates: string, last: string): void;
  /** A locking shift to G0 … G3. */
  shift(slot: number): void;
  /** At most 1 KiB. Begins with CAN, which ends a sequence that was cut in its middle. */
  restate(): string;
}

export function createModes(): Modes {
  let state = fresh();
  return {
    control(mark, parameters, last) {
      switch (mark + last) {
        case '?h':
        case '?l':
          return setPrivate(state, numbers(parameters), last === 'h');
        case 'h':
        case 'l':
          return setFlags(state.ansiFlags, numbers(parameters), last === 'h');
        case 'r':
          return setMargins(state, numbers(parameters));
        case ' q':
          return setCursorStyle(state, parameters);
        case '!p':
          return softReset(state);
      }
    },
    escape(intermediates, last) {
      if (intermediates !== '') setCharset(state, intermediates, last);
      else if (last === 'c') state = fullReset(state);
      else if (last === '=' || last === '>') setFlags(state.flags, [KEYPAD_MODE], last === '=');
      else state.shift = SHIFT_OF_ESCAPE.get(last) ?? state.shift;
    },
    shift(slot) {
      state.shift = slot;
    },
    restate: () => restate(state),
  };
}

function fresh(): State {
  return {
    flags: new Set(ON_AT_FIRST),
    ansiFlags: new Set(),
    mouse: null,
    mouseEncoding: null,
    alternate: false,
    origin: false,
    margins: '',
    alternateMargins: '',
    cursorStyle: '0',
    charsets: ['B', 'B', 'B', 'B'],
    shift: 0,
  };
}

/** xterm.js leaves a hidden cursor hidden. */
function fullReset({ flags }: State): State {
  const state = fresh();
  setFlags(state.flags, [CURSOR_MODE], flags.has(CURSOR_MODE));
  return state;
}

const numbers = (parameters: string): number[] => parameters.split(';').map(Number);

function setPrivate(state: State, modes: readonly number[], on: boolean): void {
  for (const mode of modes) {
    if (mode === ORIGIN_MODE) state.origin = on;
    else if (mode === VT52_MODE && on) state.charsets.fill('B');
    else if (ALTERNATE_SCREENS.has(mode)) setScreen(state, on);
    else if (MOUSE_PROTOCOLS.has(mode)) state.mouse = on ? mode : null;
    else if (MOUSE_ENCODINGS.has(mode)) state.mouseEncoding = on ? mode : null;
    else setFlags(state.flags, [mode], on);
  }
}

function setFlags(flags: Set<number>, modes: readonly number[], on: boolean): void {
  for (const mode of modes) {
    if (on) flags.add(mode);
    else flags.delete(mode);
  }
}

function setScreen(state: State, alternate: boolean): void {
  state.alternate = alternate;
  if (!alternate) state.alternateMargins = '';
}

/** Whether they fit its size is for the terminal to say, which knows it. */
function setMargins(state: State, [top = 0, bottom = 0]: readonly number[]): void {
  if (bottom !== 0 && bottom <= Math.max(1, top)) return;
  const margins = bottom === 0 && top <= 1 ? '' : `${top};${bottom}`;
  if (state.alternate) state.alternateMargins = margins;
  else state.margins = margins;
}

function setCursorStyle(state: State, parameters: string): void {
  if (/^[0-6]?$/.test(parameters)) state.cursorStyle = parameters || '1';
}

function softReset(state: State): void {
  for (const mode of FLAGS) setFlags(state.flags, [mode], ON_AT_FIRST.has(mode));
  state.ansiFlags.delete(4);
  state.origin = false;
  setMargins(state, []);
  state.cursorStyle = '0';
  state.charsets.fill('B');
  state.shift = 0;
}

function setCharset(state: State, intermediates: string, last: string): void {
  const slot = CHARSET_SLOTS.get(intermediates);
  if (slot !== undefined) state.charsets[slot] = last;
  else if (intermediates === '%') {
    state.charsets[0] = 'B';
    state.shift = 0;
  }
}

const set = (mark: string, mode: number, flags: ReadonlySet<number>): string =>
  `\u001b[${mark}${mode}${flags.has(mode) ? 'h' : 'l'}`;

function restate(state: State): string {
  return [
    '\u0018\u001b[m',
    state.alternate ? '\u001b[?1049h' : '\u001b[?1047l',
    // setting margins or their origin moves the cursor, so its place is kept
    `\u001b7\u001b[?6l\u001b[${state.alternate ? state.alternateMargins : state.margins}r\u001b8`,
    state.origin ? '\u001b[?6h' : '',
    ...CHARSET_MARKS.map((mark, slot) => `\u001b${mark}${state.charsets[slot] ?? 'B'}`),
    SHIFTS[state.shift] ?? '',
    '\u001b[?1000l\u001b[?1006l',
    state.mouse === null ? '' : `\u001b[?${state.mouse}h`,
    state.mouseEncoding === null ? '' : `\u001b[?${state.mouseEncoding}h`,
    `\u001b[${state.cursorStyle} q`,
    // output that is held back until its end is not held here: the end may be among what is gone
    '\u001b[?2026l',
    ...ANSI_FLAGS.map((mode) => set('', mode, state.ansiFlags)),
    ...FLAGS.map((mode) => set('?', mode, state.flags)),
  ].join('');
}
