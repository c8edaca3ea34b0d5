/** The last bytes of a stream, for a window that comes later and wants them again. */

export interface History {
  /** Offset of the first byte there is. */
  readonly start: number;
  /** Offset after the last one. */
  readonly end: number;
  push(bytes: Uint8Array): void;
  /** Up to `most` bytes from `offset` on, which must not be before `start`. Empty at the end. */
  read(offset: number, most: number): Uint8Array;
}

export function createHistory(capacity: number): History {
  const chunks: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  return {
    get start() {
      return start;
    },
    get end() {
      return end;
    },
    push(bytes) {
      chunks.push(bytes);
      end += bytes.length;
      for (let first = chunks[0]; first !== undefined && end - start - first.length >= capacity; first = chunks[0]) {
        start += first.length;
        chunks.shift();
      }
    },
    read(offset, most) {
      let at = start;
      for (const chunk of chunks) {
        if (offset < at + chunk.length) return chunk.subarray(offset - at, offset - at + most);
        at += chunk.length;
      }
      return new Uint8Array();
    },
  };
}
