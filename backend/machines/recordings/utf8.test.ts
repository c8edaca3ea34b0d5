/** Bytes as UTF-8: whole characters, wherever the frames cut them, and what is none. */
import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createUtf8 } from './utf8.ts';

function decoded(parts: readonly Uint8Array[]): { readonly text: string; readonly replaced: number } {
  const utf8 = createUtf8(0);
  const whole = [...parts.map((part) => utf8.whole(part)), utf8.rest()];
  return { text: Buffer.concat(whole).toString(), replaced: utf8.replaced };
}
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((to, i) => bytes.subarray(at[i], to));
}
const places = fc.array(fc.nat(10_000), { maxLength: 8 });

it('is the same text however it is cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), places, (text, at) => {
      expect(decoded(cut(Buffer.from(text), at))).toEqual({ text: Buffer.from(text).toString(), replaced: 0 });
    }),
  );
});

it('shows any bytes as a decoder does, however they are cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), places, (bytes, at) => {
      const all = Buffer.from(bytes);
      expect(decoded(cut(all, at)).text).toBe(all.toString());
    }),
  );
});

it('counts what it replaced, and not what was U+FFFD before', () => {
  const bytes = Buffer.concat([
    Buffer.from('a\uFFFDb'),
    Buffer.from([0xff]),
    Buffer.from('ж'),
    Buffer.from([0xe2, 0x82]),
  ]);
  expect(decoded([bytes])).toEqual({ text: 'a\uFFFDb\uFFFDж\uFFFD', replaced: 2 });
});

it('holds the beginning of a character until the rest comes', () => {
  const utf8 = createUtf8(0);
  const [first, second] = cut(Buffer.from('\u{1f600}'), [2]);
  expect(utf8.whole(first ?? Buffer.alloc(0))).toHaveLength(0);
  expect(utf8.held).toBe(2);
  expect(utf8.whole(second ?? Buffer.alloc(0)).toString()).toBe('\u{1f600}');
  expect(utf8.held).toBe(0);
});
