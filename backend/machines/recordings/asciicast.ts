/**
 * A recording as its file has it: asciicast v2, one JSON value a line.
 *
 *   {"version":2,"width":80,"height":24,"timestamp":1764330000}
 *   [0.25,"o","$ ls\r\n"]            output
 *   [1.5,"r","120x40"]               a new size
 *   [2,"m","4096 bytes of …"]        a gap, as a marker
 *   [2,"webxterm","{\"end\":…}"]     ours, ignored by players: how far the file goes, after each page
 */
import { Buffer } from 'node:buffer';
import { z } from 'zod';
import { gaps, sayGap, type Gap } from './gap.ts';
import type { Item, Page } from './recording.ts';
import { createUtf8 } from './utf8.ts';

/** The file ends here: it can be gone on with, and what comes behind was not written to its end. */
export const place = z.object({
  /** One beyond the last byte of the session's output that is in the file, or stated as missing. */
  end: z.int().min(0),
  gaps,
  replaced: z.int().min(0),
  isOver: z.boolean(),
});
export type Place = z.infer<typeof place>;

const PLACE = 'webxterm';
const placeLine = z.tuple([z.number().min(0), z.literal(PLACE), z.string()]);
/** Where such a line begins. A quote within a string is escaped, so it stands nowhere else. */
const PLACE_MARK = `,"${PLACE}","`;

export interface Asciicast {
  encode(page: Page): Buffer;
  /** How often something that is no UTF-8 was replaced. */
  readonly replaced: number;
}

/** `startedAt`: milliseconds of the wall clock. */
export function createAsciicast(startedAt: number, replacedBefore: number): Asciicast {
  const utf8 = createUtf8(replacedBefore);
  const gapLines = (at: number, gap: Gap): string =>
    outputLine(at, utf8.rest()) + line(at, 'm', JSON.stringify(sayGap(gap)));
  const linesOf = (item: Item): string => {
    switch (item.is) {
      case 'start':
        return header(startedAt, item);
      case 'output':
        return outputLine(item.at, utf8.whole(item.bytes));
      case 'resized':
        return line(item.at, 'r', `"${item.cols}x${item.rows}"`);
      case 'gap':
        return gapLines(item.at, item.gap);
      case 'end':
        return outputLine(item.at, utf8.rest());
    }
  };
  return {
    get replaced() {
      return utf8.replaced;
    },
    encode(page) {
      const lines = page.items.map(linesOf).join('');
      const here = { end: page.end - utf8.held, gaps: [...page.gaps], replaced: utf8.replaced, isOver: page.isLast };
      return Buffer.from(lines + line(page.at, PLACE, JSON.stringify(JSON.stringify(here satisfies Place))), 'latin1');
    },
  };
}

/** `data` is JSON, one character for each of its bytes. */
function line(at: number, code: string, data: string): string {
  return `[${at / 1000},"${code}",${data}]\n`;
}

function outputLine(at: number, text: Buffer): string {
  return text.length > 0 ? line(at, 'o', quoted(text)) : '';
}

/** JSON escapes nothing above ASCII, so UTF-8 may pass as the bytes it is: several times faster than by code points. */
function quoted(text: Buffer): string {
  return JSON.stringify(text.toString('latin1'));
}

function header(startedAt: number, { cols, rows }: { readonly cols: number; readonly rows: number }): string {
  const about = { version: 2, width: cols, height: rows, timestamp: Math.floor(startedAt / 1000) };
  return `${JSON.stringify(about)}\n`;
}

export interface Found extends Place {
  /** Milliseconds since the recording began. */
  readonly at: number;
  /** How much of `bytes` is whole. */
  readonly length: number;
}

/** The last place in the end of a file; null: there is none in these bytes. */
export function findPlace(bytes: Buffer): Found | null {
  for (let mark = bytes.lastIndexOf(PLACE_MARK); mark >= 0; mark = bytes.lastIndexOf(PLACE_MARK, mark - 1)) {
    const from = bytes.lastIndexOf('\n', mark) + 1;
    const to = bytes.indexOf('\n', mark);
    const found = to < 0 ? null : readPlace(bytes.toString('utf8', from, to));
    if (found) return { ...found, length: to + 1 };
    if (mark === 0) break;
  }
  return null;
}

function readPlace(text: string): Omit<Found, 'length'> | null {
  const read = placeLine.safeParse(json(text));
  const inner = read.success ? place.safeParse(json(read.data[2])) : null;
  return read.success && inner?.success ? { ...inner.data, at: Math.round(read.data[0] * 1000) } : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
