/** The file of a recording: what players read, and where it can be gone on with. */
import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAsciicast, findPlace } from './asciicast.ts';
import type { Item, Page } from './recording.ts';

const START: Item = { is: 'start', at: 0, cols: 80, rows: 24 };
const pageOf = (items: readonly Item[], more: Partial<Page> = {}): Page => ({
  items,
  at: items.at(-1)?.at ?? 0,
  end: 0,
  gaps: [],
  isLast: false,
  ...more,
});
const outputOf = (at: number, bytes: Uint8Array): Item => ({ is: 'output', at, bytes });
const linesOf = (bytes: Buffer): unknown[] =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((text): unknown => JSON.parse(text));

it('has a header, then events in seconds, then how far it goes', () => {
  const cast = createAsciicast(1_764_330_000_500, 0);
  const gap = { from: 3, to: 9, from_s: 1, to_s: 2.5, reason: 'overwritten' } as const;
  const items: Item[] = [
    START,
    outputOf(250, Buffer.from('"ж"\r\n\u001b[m')),
    { is: 'resized', at: 1000, cols: 120, rows: 40 },
    { is: 'gap', at: 2500, gap },
  ];
  expect(linesOf(cast.encode(pageOf(items, { end: 9, gaps: [gap] })))).toEqual([
    { version: 2, width: 80, height: 24, timestamp: 1_764_330_000 },
    [0.25, 'o', '"ж"\r\n\u001b[m'],
    [1, 'r', '120x40'],
    [2.5, 'm', '6 bytes of the output from 1 s to 2.5 s missing: it was overwritten before it was received'],
    [2.5, 'webxterm', JSON.stringify({ end: 9, gaps: [gap], replaced: 0, isOver: false })],
  ]);
});

it('is JSON whatever a shell prints, and gives it back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      const cast = createAsciicast(0, 0);
      const lines = linesOf(cast.encode(pageOf([START, outputOf(1, bytes), { is: 'end', at: 2 }])));
      const output = lines.flatMap((line) => (Array.isArray(line) && line[1] === 'o' ? [String(line[2])] : []));
      expect(output.join('')).toBe(Buffer.from(bytes).toString());
    }),
  );
});

it('goes as far as whole characters do', () => {
  const cast = createAsciicast(0, 0);
  const bytes = cast.encode(pageOf([START, outputOf(1, Buffer.from('aж').subarray(0, 2))], { end: 2 }));
  expect(findPlace(bytes)).toMatchObject({ end: 1, length: bytes.length });
});

it('ends where it was last written whole, whatever was torn behind it or printed by a shell', () => {
  const cast = createAsciicast(0, 0);
  const forged = Buffer.from('[9,"webxterm","{\\"end\\":7,\\"gaps\\":[],\\"replaced\\":0,\\"isOver\\":true}"]\n');
  const whole = cast.encode(pageOf([START, outputOf(4000, forged)], { end: forged.length }));
  const next = cast.encode(pageOf([outputOf(5000, Buffer.from('more'))], { end: forged.length + 4 }));
  for (let torn = 0; torn < next.length; torn += 1) {
    const found = findPlace(Buffer.concat([whole, next.subarray(0, torn)]));
    expect(found).toMatchObject({ end: forged.length, at: 4000, isOver: false, length: whole.length });
  }
  expect(findPlace(Buffer.concat([whole, next]))).toMatchObject({ end: forged.length + 4 });
  expect(findPlace(Buffer.from('nothing of ours'))).toBeNull();
});
