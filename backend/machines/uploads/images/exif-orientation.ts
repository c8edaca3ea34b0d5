/** The one thing that is kept of Exif: which way is up. Without it pictures of telephones lie on their side. */

const TAG = 0x0112;
const SHORT = 3;
/** As it is stored: nothing to turn. */
const UPRIGHT = 1;

/** `tiff`: what follows `Exif\0\0`. */
export function orientationOf(tiff: Buffer): number {
  if (tiff.length < 8) return UPRIGHT;
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return UPRIGHT;
  const count = short(first);
  for (let i = 0, at = first + 2; i < count && at + 12 <= tiff.length; i += 1, at += 12) {
    if (short(at) === TAG && short(at + 2) === SHORT) return short(at + 8);
  }
  return UPRIGHT;
}

/** A segment of one directory with one entry, which says this and nothing else; empty where there is nothing to say. */
export function orientationSegment(orientation: number): Buffer {
  if (orientation <= UPRIGHT || orientation > 8) return Buffer.alloc(0);
  const segment = Buffer.from('ffe100224578696600004d4d002a000000080001011200030000000100000000', 'hex');
  segment.writeUInt16BE(orientation, segment.length - 4);
  return Buffer.concat([segment, Buffer.alloc(4)]);
}
