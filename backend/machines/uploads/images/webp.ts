/** WebP, chunk by chunk (RFC 9649): RIFF, whose first chunk is a picture or says what follows. */
import type { Cleaned } from './cleaned.ts';

/** What shows the picture, and how. Exif and XMP are not among them. */
const shown: ReadonlySet<string> = new Set(['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH', 'VP8 ', 'VP8L']);
const pictures: readonly string[] = ['VP8 ', 'VP8L', 'ANMF'];
/** `RIFF`, the length of what follows, `WEBP`. */
const HEADER = 12;
/** Of VP8X: there is Exif, there is XMP. */
const METADATA_FLAGS = 0x08 | 0x04;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its head, and padded to an even length. */
  readonly whole: Buffer;
}
type Size = Pick<Cleaned, 'width' | 'height'>;

export function isWebp(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, HEADER) === 'WEBP';
}

/** Null: damaged, or not to its end. What follows the end is left away. */
export function cleanWebp(bytes: Buffer): Cleaned | null {
  const chunks = bytes.length < HEADER ? null : chunksOf(bytes, 8 + bytes.readUInt32LE(4));
  const [first] = chunks ?? [];
  const size = first ? sizeOf(first) : null;
  if (!chunks || !size || !chunks.some(({ type }) => pictures.includes(type))) return null;
  const kept = chunks.filter(({ type }) => shown.has(type)).map(withoutMetadata);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(
    kept.reduce((sum, { length }) => sum + length, 4),
    4,
  );
  return { ...size, parts: [head, ...kept] };
}

function chunksOf(bytes: Buffer, end: number): Chunk[] | null {
  if (end > bytes.length) return null;
  const chunks: Chunk[] = [];
  for (let at = HEADER; at < end;) {
    if (at + 8 > end) return null;
    const length = bytes.readUInt32LE(at + 4);
    const next = at + 8 + length + (length % 2);
    if (next > end) return null;
    const type = bytes.toString('latin1', at, at + 4);
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length), whole: bytes.subarray(at, next) });
    at = next;
  }
  return chunks;
}

function sizeOf({ type, data }: Chunk): Size | null {
  if (data.length < 10) return null;
  switch (type) {
    case 'VP8X':
      return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 };
    case 'VP8 ': {
      const isKeyFrame = data.readUIntBE(3, 3) === 0x9d012a;
      return isKeyFrame ? { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff } : null;
    }
    case 'VP8L': {
      const bits = data.readUInt32LE(1);
      return data[0] === 0x2f ? { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 } : null;
    }
    default:
      return null;
  }
}

function withoutMetadata({ type, whole }: Chunk): Buffer {
  if (type !== 'VP8X') return whole;
  const changed = Buffer.from(whole);
  changed.writeUInt8(changed.readUInt8(8) & ~METADATA_FLAGS, 8);
  return changed;
}
