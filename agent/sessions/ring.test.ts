/** The ring against the plainest model: one growing array of which the last part counts. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRing } from './ring.ts';

const CAPACITY = 64 * 1024;
const pattern = (from: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => ((from + index) * 31 + ((from + index) >> 8)) & 0xff);
const readAll = (ring: { start: number; end: number; read(offset: number, target: Uint8Array): void }): Uint8Array => {
  const all = new Uint8Array(ring.end - ring.start);
  ring.read(ring.start, all);
  return all;
};

describe('a ring', () => {
  it('holds exactly the last bytes, whatever sizes they came in', () => {
    const sizes = fc.array(fc.oneof(fc.nat(100), fc.nat(40_000), fc.constantFrom(16_384, CAPACITY, CAPACITY + 1)));
    fc.assert(
      fc.property(sizes, (lengths) => {
        const ring = createRing(CAPACITY);
        for (const length of lengths) ring.write(pattern(ring.end, length));
        const total = lengths.reduce((sum, length) => sum + length, 0);
        expect([ring.start, ring.end]).toEqual([Math.max(0, total - CAPACITY), total]);
        expect(Buffer.from(readAll(ring)).equals(pattern(ring.start, ring.end - ring.start))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives any part of what it holds', () => {
    const part = fc.tuple(fc.nat(CAPACITY * 3), fc.nat(CAPACITY - 1), fc.nat(CAPACITY));
    fc.assert(
      fc.property(part, ([written, skip, length]) => {
        const ring = createRing(CAPACITY);
        ring.write(pattern(0, written));
        const from = Math.min(ring.end, ring.start + skip);
        const target = new Uint8Array(Math.min(length, ring.end - from));
        ring.read(from, target);
        expect(Buffer.from(target).equals(pattern(from, target.length))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('says so rather than giving wrong bytes when they are gone or not there yet', () => {
    const ring = createRing(CAPACITY);
    ring.write(pattern(0, CAPACITY + 1));
    expect(() => ring.read(0, new Uint8Array(1))).toThrow(RangeError);
    expect(() => ring.read(ring.end, new Uint8Array(1))).toThrow(RangeError);
  });

  it('takes memory as it fills: an idle shell costs little', () => {
    const before = process.memoryUsage().arrayBuffers;
    const rings = Array.from({ length: 100 }, () => createRing(4 * 1024 * 1024));
    for (const ring of rings) ring.write(pattern(0, 200));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
    expect(rings).toHaveLength(100);
  });
});
