/** The last bytes a session put out, by their offsets. Memory is taken as it fills, and never more than the capacity. */
const SEGMENT_BYTES = 16 * 1024;

export interface Ring {
  /** The first byte that is still there. */
  readonly start: number;
  /** One beyond the last byte: how many there ever were. */
  readonly end: number;
  /** Copies the bytes in; the oldest make room. */
  write(bytes: Uint8Array): void;
  /** Copies the bytes from `offset` on to `target`, filling it. All of them must be there. */
  read(offset: number, target: Uint8Array): void;
}

/** `capacity` is a multiple of 16 KiB. */
export function createRing(capacity: number): Ring {
  const count = capacity / SEGMENT_BYTES;
  const segments: Uint8Array[] = [];
  let end = 0;

  const segmentAt = (offset: number): Uint8Array => {
    const index = Math.floor(offset / SEGMENT_BYTES) % count;
    return (segments[index] ??= new Uint8Array(SEGMENT_BYTES));
  };
  const start = (): number => Math.max(0, end - capacity);
  return {
    get start() {
      return start();
    },
    get end() {
      return end;
    },
    write(bytes) {
      for (let done = 0; done < bytes.length;) {
        const at = end % SEGMENT_BYTES;
        const length = Math.min(bytes.length - done, SEGMENT_BYTES - at);
        segmentAt(end).set(bytes.subarray(done, done + length), at);
        done += length;
        end += length;
      }
    },
    read(offset, target) {
      if (offset < start() || offset + target.length > end) throw new RangeError('These bytes are not in the ring.');
      for (let done = 0; done < target.length;) {
        const at = (offset + done) % SEGMENT_BYTES;
        const length = Math.min(target.length - done, SEGMENT_BYTES - at);
        target.set(segmentAt(offset + done).subarray(at, at + length), done);
        done += length;
      }
    },
  };
}
