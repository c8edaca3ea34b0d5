/** Bytes of a terminal as UTF-8, whatever they are: a code point that is cut between two frames is put together again. */
import { Buffer, isUtf8 } from 'node:buffer';

export interface Utf8 {
  /** Whole code points; what is no UTF-8 is replaced by U+FFFD and counted. */
  whole(bytes: Uint8Array): Buffer;
  /** What is left of a code point that never became whole. */
  rest(): Buffer;
  /** The first bytes of a code point whose others have not come. */
  readonly held: number;
  /** How often something was no UTF-8. */
  readonly replaced: number;
}

const REPLACEMENT = '\uFFFD';

export function createUtf8(replacedBefore: number): Utf8 {
  let held = Buffer.alloc(0);
  let replaced = replacedBefore;
  const mend = (bytes: Buffer): Buffer => {
    const text = bytes.toString('utf8');
    replaced += countOf(Buffer.from(text), REPLACEMENT) - countOf(bytes, REPLACEMENT);
    return Buffer.from(text);
  };
  return {
    get held() {
      return held.length;
    },
    get replaced() {
      return replaced;
    },
    whole(bytes) {
      const all = held.length > 0 ? Buffer.concat([held, bytes]) : bufferOf(bytes);
      const cut = all.length - lengthOfTail(all);
      held = Buffer.from(all.subarray(cut));
      const text = all.subarray(0, cut);
      return isUtf8(text) ? text : mend(text);
    },
    rest() {
      const left = held;
      held = Buffer.alloc(0);
      return left.length > 0 ? mend(left) : left;
    },
  };
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** How many bytes at the end begin a code point that is not whole. */
function lengthOfTail(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length += 1) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return lengthAfter(byte) > length ? length : 0;
  }
  return 0;
}

/** How long a code point is by its first byte. */
function lengthAfter(first: number): number {
  if (first >= 0xf5) return 0; // begins none
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

function countOf(bytes: Buffer, text: string): number {
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 3)) count += 1;
  return count;
}
