/**
 * A recording as players read it: asciicast v2, one JSON value a line.
 *
 *   {"version":2,"width":80,"height":24,"timestamp":1764330000}
 *   [0.25,"o","$ ls\r\n"]        output
 *   [1.5,"r","120x40"]           a new size
 *   [2,"m","4096 bytes of …"]    a gap, as a marker
 */
import { sayGap } from './gap.ts';
import type { Item } from './page.ts';

export interface Asciicast {
  /** The lines of what comes next; a character that is cut comes with its rest. */
  encode(items: readonly Item[]): string;
}

/** What is no UTF-8 shows as U+FFFD. */
export function createAsciicast(): Asciicast {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  const lineOf = (item: Item): string => {
    switch (item.is) {
      case 'start':
        return header(item);
      case 'output':
        return output(item.at, utf8.decode(item.bytes, { stream: true }));
      case 'resized':
        return line(item.at, 'r', `${item.cols}x${item.rows}`);
      case 'gap':
        return output(item.at, utf8.decode()) + line(item.at, 'm', sayGap(item.gap));
      case 'end':
        return output(item.at, utf8.decode());
    }
  };
  return { encode: (items) => items.map(lineOf).join('') };
}

function line(at: number, code: string, data: string): string {
  return `${JSON.stringify([at / 1000, code, data])}\n`;
}

function output(at: number, text: string): string {
  return text.length > 0 ? line(at, 'o', text) : '';
}

function header({ startedAt, cols, rows }: Extract<Item, { is: 'start' }>): string {
  const about = { version: 2, width: cols, height: rows, timestamp: Math.floor(startedAt / 1000) };
  return `${JSON.stringify(about)}\n`;
}
