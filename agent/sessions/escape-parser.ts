/** Where escape sequences begin and end in a stream of bytes, as xterm.js reads them; what sets modes is told, and a shell's marks. */
import { type ByteFinder, createByteFinder } from './byte-finder.ts';
import { MARK_PREFIX, MOST_MARK } from '../shell/marks.ts';
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
const OF_MARK = Uint8Array.from(MARK_PREFIX, (letter) => letter.codePointAt(0) ?? 0);
/** Final bytes of control sequences that set modes: h, l, p, q, r. The many others are colours and movements. */
const SETTING: ReadonlySet<number> = new Set([0x68, 0x6c, 0x70, 0x71, 0x72]);
/** What matters within text. */
const STOPS = [ESC, SHIFT_OUT, SHIFT_IN, C1_LEAD] as const;
const IS_STOP = Uint8Array.from({ length: 256 }, (_, byte) => (STOPS.some((stop) => stop === byte) ? 1 : 0));
/** Where sequences stand close together, looking at each byte is faster than a search. */
const NEARBY = 48;

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

/** What stands between `ESC ]` and BEL of what may be a mark of the shell; a copy. */
export type MarkListener = (content: Buffer) => void;

interface Parser {
  readonly modes: Modes;
  readonly marked: MarkListener;
  place: Place;
  /** The byte before was the first of what may be a C1 control. */
  lead: boolean;
  /** Private mark and intermediates, and parameters, as bytes: of most sequences they are never read. */
  readonly marks: Uint8Array;
  markCount: number;
  readonly parameters: Uint8Array;
  parameterCount: number;
  /** Of what may be a mark; most terminals' output has none. */
  content: Uint8Array;
  /** -1: this is none. */
  contentCount: number;
}

export function createEscapeParser(modes: Modes, marked: MarkListener): EscapeParser {
  const [marks, parameters] = [new Uint8Array(MOST_MARKS), new Uint8Array(MOST_PARAMETERS)];
  const parser: Parser = {
    modes,
    marked,
    place: 'text',
    lead: false,
    marks,
    markCount: 0,
    parameters,
    parameterCount: 0,
    content: new Uint8Array(0),
    contentCount: 0,
  };
  const finder = createByteFinder(STOPS);
  return {
    get outside() {
      return parser.place === 'text' && !parser.lead;
    },
    feed(bytes) {
      finder.search(bytes);
      for (let index = 0; index < bytes.length; index += 1) {
        if (parser.place === 'text' && !parser.lead) index = nextStop(bytes, index, finder);
        const byte = bytes[index];
        if (byte !== undefined) take(parser, byte);
      }
    },
  };
}

function nextStop(bytes: Uint8Array, from: number, finder: ByteFinder): number {
  const near = Math.min(bytes.length, from + NEARBY);
  for (let index = from; index < near; index += 1) if (IS_STOP[bytes[index] ?? 0] === 1) return index;
  return finder.next(near);
}

function take(parser: Parser, byte: number): void {
  if (parser.lead) return afterLead(parser, byte);
  if (byte === ESC) enter(parser, 'escape');
  else if (byte === CAN || byte === SUB) parser.place = 'text';
  else if (byte === C1_LEAD) parser.lead = true;
  else step(parser, byte);
}

function afterLead(parser: Parser, byte: number): void {
  parser.lead = false;
  if (byte >= 0x80 && byte < 0xa0) enter(parser, AS_C1.get(byte) ?? 'text');
  else if (byte >= 0xa0) {
    step(parser, C1_LEAD);
    step(parser, byte);
  } else {
    step(parser, C1_LEAD); // a character that was never finished
    take(parser, byte);
  }
}

function enter(parser: Parser, place: Place): void {
  parser.place = place;
  parser.markCount = 0;
  parser.parameterCount = 0;
  parser.contentCount = 0;
}

function step(parser: Parser, byte: number): void {
  switch (parser.place) {
    case 'text':
      return shift(parser, byte);
    case 'escape':
      return escape(parser, byte);
    case 'control':
      return control(parser, byte);
    case 'ignored-control':
      return ignored(parser, byte);
    case 'osc':
      return osc(parser, byte);
    case 'string':
      return undefined;
  }
}

function osc(parser: Parser, byte: number): void {
  const { contentCount: count } = parser;
  if (byte === BEL) {
    parser.place = 'text';
    if (count > OF_MARK.length) parser.marked(Buffer.from(parser.content.subarray(0, count)));
  } else if (count >= 0) collect(parser, byte, count);
}

function collect(parser: Parser, byte: number, count: number): void {
  const isMark = count < OF_MARK.length ? byte === OF_MARK[count] : count < MOST_MARK;
  if (isMark && count >= parser.content.length) {
    const larger = new Uint8Array(Math.max(256, count * 2));
    larger.set(parser.content);
    parser.content = larger;
  }
  parser.content[count] = byte;
  parser.contentCount = isMark ? count + 1 : -1;
}

function escape(parser: Parser, byte: number): void {
  const started = parser.markCount === 0 ? AFTER_ESCAPE.get(byte) : undefined;
  if (started !== undefined) enter(parser, started);
  else if (byte >= 0x80) parser.place = 'text';
  else if (byte < 0x20 || byte === 0x7f) shift(parser, byte);
  else if (byte < 0x30) mark(parser, byte);
  else {
    parser.place = 'text';
    parser.modes.escape(textOf(parser.marks, parser.markCount), String.fromCodePoint(byte));
  }
}

function control(parser: Parser, byte: number): void {
  if (byte >= 0x80) parser.place = 'text';
  else if (byte < 0x20 || byte === 0x7f) shift(parser, byte);
  else if (byte < 0x40) prepare(parser, byte);
  else {
    parser.place = 'text';
    if (SETTING.has(byte) && parser.parameterCount < MOST_PARAMETERS) tell(parser, byte);
  }
}

function tell({ modes, marks, markCount, parameters, parameterCount }: Parser, last: number): void {
  modes.control(textOf(marks, markCount), textOf(parameters, parameterCount), String.fromCodePoint(last));
}

function ignored(parser: Parser, byte: number): void {
  if (byte < 0x20) shift(parser, byte);
  else if (byte >= 0x40 && byte < 0x7f) parser.place = 'text';
}

function shift({ modes }: Parser, byte: number): void {
  if (byte === SHIFT_OUT || byte === SHIFT_IN) modes.shift(byte === SHIFT_OUT ? 1 : 0);
}

/** A parameter byte, a private mark or an intermediate of a control sequence, in the order they may have. */
function prepare(parser: Parser, byte: number): void {
  const isParameter = byte >= 0x30 && byte < 0x3c;
  const begun = parser.markCount > 0 || parser.parameterCount > 0;
  const behindIntermediate = parser.markCount > 0 && (parser.marks[parser.markCount - 1] ?? 0) < 0x30;
  if (behindIntermediate ? byte >= 0x30 : byte >= 0x3c && begun) parser.place = 'ignored-control';
  else if (!isParameter) mark(parser, byte);
  else if (parser.parameterCount < MOST_PARAMETERS) {
    parser.parameters[parser.parameterCount] = byte;
    parser.parameterCount += 1;
  }
}

function mark(parser: Parser, byte: number): void {
  if (parser.markCount === MOST_MARKS) return;
  parser.marks[parser.markCount] = byte;
  parser.markCount += 1;
}

const textOf = (bytes: Uint8Array, count: number): string => String.fromCodePoint(...bytes.subarray(0, count));
