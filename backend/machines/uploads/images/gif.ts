/** GIF, block by block (GIF89a, 17 to 27): a screen, then frames and extensions, whose data are chains of sub-blocks. */
import type { Cleaned } from './cleaned.ts';

export const gifSignatures = [Buffer.from('GIF87a', 'latin1'), Buffer.from('GIF89a', 'latin1')] as const;
const BLOCK = { extension: 0x21, frame: 0x2c, end: 0x3b } as const;
const EXTENSION = { control: 0xf9, application: 0xff } as const;
/** How often an animation is repeated. */
const repeating: readonly string[] = ['NETSCAPE2.0', 'ANIMEXTS1.0'];
const HEADER = 13;

interface Block {
  readonly whole: Buffer;
  readonly isShown: boolean;
  /** Where a frame reaches to; null: it is none. */
  readonly frame: Pick<Cleaned, 'width' | 'height'> | null;
}

/** Null: damaged, or not to its end. What follows the end is left away. */
export function cleanGif(bytes: Buffer): Cleaned | null {
  if (bytes.length < HEADER) return null;
  const begin = HEADER + colours(bytes, HEADER - 3);
  const blocks = blocksOf(bytes, begin);
  const frames = (blocks ?? []).flatMap(({ frame }) => frame ?? []);
  if (!blocks || frames.length === 0) return null;
  const kept = blocks.filter(({ isShown }) => isShown).map(({ whole }) => whole);
  return {
    // A frame may be larger than its screen, and is then shown so.
    width: frames.reduce((most, { width }) => Math.max(most, width), bytes.readUInt16LE(6)),
    height: frames.reduce((most, { height }) => Math.max(most, height), bytes.readUInt16LE(8)),
    parts: [bytes.subarray(0, begin), ...kept, Buffer.from([BLOCK.end])],
  };
}

function blocksOf(bytes: Buffer, from: number): readonly Block[] | null {
  const blocks: Block[] = [];
  for (let at = from; bytes[at] !== BLOCK.end;) {
    const block = blockAt(bytes, at);
    if (!block) return null;
    blocks.push(block);
    at += block.whole.length;
  }
  return blocks;
}

/** Bytes of the colour table that the flags at `at` announce. */
function colours(bytes: Buffer, at: number): number {
  const flags = bytes[at] ?? 0;
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

function blockAt(bytes: Buffer, at: number): Block | null {
  if (bytes[at] === BLOCK.extension) return extensionAt(bytes, at);
  return bytes[at] === BLOCK.frame ? frameAt(bytes, at) : null;
}

function extensionAt(bytes: Buffer, at: number): Block | null {
  const label = bytes[at + 1];
  const name = bytes.toString('latin1', at + 3, at + 14);
  const isShown = label === EXTENSION.control || (label === EXTENSION.application && repeating.includes(name));
  const end = pastSubBlocks(bytes, at + 2);
  return end === null ? null : { whole: bytes.subarray(at, end), isShown, frame: null };
}

function frameAt(bytes: Buffer, at: number): Block | null {
  if (at + 10 > bytes.length) return null;
  const short = (field: number): number => bytes.readUInt16LE(at + field);
  const data = at + 10 + colours(bytes, at + 9) + 1; // one byte says how wide the codes are
  const end = pastSubBlocks(bytes, data);
  if (end === null || end === data + 1) return null;
  const frame = { width: short(1) + short(5), height: short(3) + short(7) };
  return { whole: bytes.subarray(at, end), isShown: true, frame };
}

/** Each begins with its length, the last is empty. Null: they do not end. */
function pastSubBlocks(bytes: Buffer, from: number): number | null {
  for (let at = from; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length === 0) return at + 1;
    at += 1 + length;
  }
  return null;
}
