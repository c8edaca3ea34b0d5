/** PNG, chunk by chunk (W3C PNG, 5 and 11): each with its length, its type and the CRC of both type and data. */
import { crc32 } from 'node:zlib';
import type { Cleaned } from './cleaned.ts';

export const pngSignature = Buffer.from('89504e470d0a1a0a', 'hex');
/** What shows the picture, and how. Text, times and Exif are not among them. */
const shown: ReadonlySet<string> = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
);
/** Length, type and CRC. */
const AROUND = 12;

interface Chunk {
  readonly type: string;
  readonly whole: Buffer;
  readonly data: Buffer;
}

/** Null: damaged, or not to its end. What follows the end is left away. */
export function cleanPng(bytes: Buffer): Cleaned | null {
  const chunks = chunksOf(bytes);
  const [header] = chunks ?? [];
  if (!chunks || header?.type !== 'IHDR' || header.data.length !== 13) return null;
  const count = (type: string): number => chunks.filter((chunk) => chunk.type === type).length;
  if (count('IHDR') !== 1 || count('IDAT') === 0) return null;
  if (chunks.some(({ type }) => isCritical(type) && !shown.has(type))) return null;
  const kept = chunks.filter(({ type }) => shown.has(type)).map(({ whole }) => whole);
  return {
    width: header.data.readUInt32BE(0),
    height: header.data.readUInt32BE(4),
    parts: [pngSignature, ...kept],
  };
}

function chunksOf(bytes: Buffer): readonly Chunk[] | null {
  const chunks: Chunk[] = [];
  for (let at = pngSignature.length; chunks.at(-1)?.type !== 'IEND';) {
    const chunk = chunkAt(bytes, at);
    if (!chunk) return null;
    chunks.push(chunk);
    at += chunk.whole.length;
  }
  return chunks;
}

function chunkAt(bytes: Buffer, at: number): Chunk | null {
  if (at + AROUND > bytes.length) return null;
  const end = at + AROUND + bytes.readUInt32BE(at);
  if (end > bytes.length || crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) return null;
  const type = bytes.toString('latin1', at + 4, at + 8);
  return { type, whole: bytes.subarray(at, end), data: bytes.subarray(at + 8, end - 4) };
}

/** One that a reader must know has a capital first letter. */
function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type);
}
