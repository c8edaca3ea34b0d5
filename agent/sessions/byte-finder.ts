/** Finds the next of a few byte values, at the speed of memory: each value is searched for once, however often another is found. */
import { Buffer } from 'node:buffer';

export interface ByteFinder {
  /** What is searched from now on. */
  search(bytes: Uint8Array): void;
  /** The index of the first of the values at or after `from`, which never goes back; the length where there is none. */
  next(from: number): number;
}

export function createByteFinder(values: readonly number[]): ByteFinder {
  const found = values.map(() => 0);
  let bytes: Buffer = Buffer.alloc(0);
  const find = (value: number, from: number): number => {
    const index = bytes.indexOf(value, from);
    return index < 0 ? bytes.length : index;
  };
  return {
    search(given) {
      bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      found.fill(-1);
    },
    next(from) {
      let nearest = bytes.length;
      for (const [index, value] of values.entries()) {
        const known = found[index] ?? -1;
        const place = known >= from ? known : find(value, from);
        found[index] = place;
        nearest = Math.min(nearest, place);
      }
      return nearest;
    },
  };
}
