/** A recording as players read it. */
import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAsciicast } from './asciicast.ts';
import type { Item } from './page.ts';

const START: Item = { is: 'start', at: 0, startedAt: 1_764_330_000_500, cols: 80, rows: 24 };
const outputOf = (at: number, bytes: Uint8Array): Item => ({ is: 'output', at, bytes });
const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
const shown = (lines: readonly unknown[]): string =>
  lines.flatMap((line) => (Array.isArray(line) && line[1] === 'o' ? [String(line[2])] : [])).join('');

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, i) => bytes.subarray(at[i], to));
}

it('has a header, then events in seconds', () => {
  const gap = { from: 3, to: 9, from_s: 1, to_s: 2.5, reason: 'overwritten' } as const;
  const items: Item[] = [
    START,
    outputOf(250, Buffer.from('"ж"\r\n\u001b[m')),
    { is: 'resized', at: 1000, cols: 120, rows: 40 },
    { is: 'gap', at: 2500, gap },
  ];
  expect(linesOf(createAsciicast().encode(items))).toEqual([
    { version: 2, width: 80, height: 24, timestamp: 1_764_330_000 },
    [0.25, 'o', '"ж"\r\n\u001b[m'],
    [1, 'r', '120x40'],
    [2.5, 'm', '6 bytes of the output from 1 s to 2.5 s missing: it was overwritten before it was received'],
  ]);
});

it('shows whatever a shell prints as a decoder does, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(`\uFEFF${text}`)),
      ),
      fc.array(fc.nat(10_000), { maxLength: 8 }),
      (bytes, places) => {
        const all = Buffer.from(bytes);
        const cast = createAsciicast();
        const text = cut(all, places).map((part) => cast.encode([outputOf(1, part)]));
        const lines = linesOf([cast.encode([START]), ...text, cast.encode([{ is: 'end', at: 2 }])].join(''));
        expect(shown(lines)).toBe(all.toString());
      },
    ),
  );
});

it('shows a character that is cut when its rest comes, or that it never came', () => {
  const cast = createAsciicast();
  const [first, rest] = cut(Buffer.from('\u{1f600}'), [2]).map((bytes) => outputOf(1, bytes));
  if (!first || !rest) throw new Error('not cut');
  expect(cast.encode([first])).toBe('');
  expect(linesOf(cast.encode([rest]))).toEqual([[0.001, 'o', '\u{1f600}']]);
  const gap = { from: 6, to: 9, from_s: 0, to_s: 1, reason: 'disk-full' } as const;
  expect(shown(linesOf(cast.encode([first, { is: 'gap', at: 1000, gap }])))).toBe('\uFFFD');
});
