import { assert, array, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHistory } from './history.ts';

describe('the history of a stream', () => {
  it('gives any part it still has, exactly, and never holds much more than its measure', () => {
    const chunk = uint8Array({ minLength: 1, maxLength: 30 });
    assert(
      property(array(chunk, { minLength: 1, maxLength: 40 }), integer({ min: 1, max: 200 }), (chunks, capacity) => {
        const history = createHistory(capacity);
        const all: number[] = [];
        for (const each of chunks) {
          history.push(each);
          all.push(...each);
          expect(history.end).toBe(all.length);
          expect(history.end - history.start).toBeGreaterThanOrEqual(Math.min(capacity, all.length));
          expect(history.end - history.start).toBeLessThan(capacity + 30);
        }
        const read: number[] = [];
        while (history.start + read.length < history.end) read.push(...history.read(history.start + read.length, 7));
        expect(read).toEqual(all.slice(history.start));
        expect(history.read(history.end, 7).length).toBe(0);
      }),
    );
  });
});
