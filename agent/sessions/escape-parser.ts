/** Where escape sequences begin and end in a stream of bytes, as xterm.js reads them; what sets modes is told. */
import { createByteFinder } from './byte-finder.ts';
import type { Modes } from './modes.ts';

const ESC = 0x1b;
const CAN = 0x18;
const SUB = 0x1a;
const BEL = 0x07;
const SHIFT_OUT = 0x0e;
const SHIFT_IN = 0x0f;
/** In UTF-8 the first byte of U+0080 … U+009F, which are control characters too. */
const C1_LEAD = 0xc2;
/** Longer parameters set no mode. */
const MOST_PARAMETERS = 256;
const MOST_MARKS = 4;

/** `osc` ends with BEL too, a `string` (DCS, SOS, PM, APC) only with what ends all: ESC, CAN, SUB and ST. */
type Place = 'text' | 'escape' | 'control' | 'ignored-control' | 'osc' | 'string';
const AFTER_ESCAPE: ReadonlyMap<number, Place> = new Map([
  [0x5b, 'control'],
  [0x5d, 'osc'],
  [0x50, 'string'],
  [0x58, 'string'],
  [0x5e, 'string'],
  [0x5f, 'string'],
]);
const AS_C1: ReadonlyMap<number, Place> = new Map([...AFTER_ESCAPE].map(([byte, place]) => [byte + 0x40, place]));

export interface EscapeParser {
  /** The last byte was of plain text, or ended a sequence. */
  readonly outside: boolean;
  feed(bytes: Uint8Array): void;
}

export function createEscapeParser(modes: Modes): EscapeParser {
  const parser: Parser = { modes, place: 'text', lead: false, marks: '', parameters: '' };
  const finder = createByteFinder([ESC, SHIFT_OUT, SHIFT_IN, C1_LEAD]);
  return {
    get outside() {
      return parser.place === 'text' && !parser.lead;
    },
    feed(bytes) {
      finder.search(bytes);
      for (let index = 0; index < bytes.length; index += 1) {
        if (parser.place === 'text' && !parser.lead) index = finder.next(index);
        const byte = bytes[index];
        if (byte !== undefined) take(parser, byte);
      }
    },
  };
}

interface Parser {
  readonly modes: Modes;
  place: Place;
  /** The byte before was the first of what may be a C1 control. */
  lead: boolean;
  marks: string;
  parameters: string;
}

function take(parser: Parser, byte: number): void {
  if (parser.lead) return afterLead(parser, byte);
  if (byte === ESC) enter(parser, 'escape');
  else if (byte === CAN || byte === SUB) parser.place = 'text';
  else if (byte === C1_LEAD) parser.lead = true;
  else STEPS[parser.place](parser, byte);
}

function afterLead(parser: Parser, byte: number): void {
  parser.lead = false;
  if (byte >= 0x80 && byte < 0xa0) enter(parser, AS_C1.get(byte) ?? 'text');
  else if (byte >= 0xa0) STEPS[parser.place](parser, byte);
  else {
    STEPS[parser.place](parser, C1_LEAD); // a character that was never finished
    take(parser, byte);
  }
}

function enter(parser: Parser, place: Place): void {
  parser.place = place;
  parser.marks = '';
  parser.parameters = '';
}

const STEPS: Readonly<Record<Place, (parser: Parser, byte: number) => void>> = {
  text: shift,
  escape(parser, byte) {
    const started = parser.marks === '' ? AFTER_ESCAPE.get(byte) : undefined;
    if (started !== undefined) enter(parser, started);
    else if (byte >= 0x80) parser.place = 'text';
    else if (byte < 0x20 || byte === 0x7f) shift(parser, byte);
    else if (byte < 0x30) mark(parser, byte);
    else {
      parser.place = 'text';
      parser.modes.escape(parser.marks, String.fromCodePoint(byte));
    }
  },
  control(parser, byte) {
    if (byte >= 0x80) parser.place = 'text';
    else if (byte < 0x20 || byte === 0x7f) shift(parser, byte);
    else if (byte < 0x40) prepare(parser, byte);
    else {
      parser.place = 'text';
      if (parser.parameters.length < MOST_PARAMETERS)
        parser.modes.control(parser.marks, parser.parameters, String.fromCodePoint(byte));
    }
  },
  'ignored-control'(parser, byte) {
    if (byte < 0x20) shift(parser, byte);
    else if (byte >= 0x40 && byte < 0x7f) parser.place = 'text';
  },
  osc(parser, byte) {
    if (byte === BEL) parser.place = 'text';
  },
  string() {},
};

function shift(parser: Parser, byte: number): void {
  if (byte === SHIFT_OUT || byte === SHIFT_IN) parser.modes.shift(byte === SHIFT_OUT ? 1 : 0);
}

/** A parameter byte, a private mark or an intermediate of a control sequence, in the order they may have. */
function prepare(parser: Parser, byte: number): void {
  const begun = parser.marks !== '' || parser.parameters !== '';
  const isParameter = byte >= 0x30 && byte < 0x3c;
  const behindIntermediate = /[ -/]$/.test(parser.marks);
  if (behindIntermediate ? byte >= 0x30 : byte >= 0x3c && begun) parser.place = 'ignored-control';
  else if (!isParameter) mark(parser, byte);
  else if (parser.parameters.length < MOST_PARAMETERS) parser.parameters += String.fromCodePoint(byte);
}

function mark(parser: Parser, byte: number): void {
  if (parser.marks.length < MOST_MARKS) parser.marks += String.fromCodePoint(byte);
}
