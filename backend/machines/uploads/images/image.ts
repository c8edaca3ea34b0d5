/**
 * Whether bytes are an image that may be kept: told by what they are, never by a name. It is taken apart to its end and put
 * together again without what does not show: so no place where it was taken is told, and no other kind of file hides in it.
 */
import type { Cleaned } from './cleaned.ts';
import { cleanGif, gifSignatures } from './gif.ts';
import { cleanJpeg, jpegSignature } from './jpeg.ts';
import { cleanPng, pngSignature } from './png.ts';
import { cleanWebp, isWebp } from './webp.ts';

export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
export interface Image {
  readonly mediaType: ImageType;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}
export type ReadImage =
  | { readonly ok: true; readonly image: Image }
  | { readonly ok: false; readonly code: 'not-an-image' | 'image-damaged' | 'image-too-large' };

/** A file of few bytes may ask for gigabytes where it is shown. */
const MOST_SIDE = 16_384;
const MOST_PIXELS = 50_000_000;

export function readImage(given: Uint8Array): ReadImage {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const mediaType = typeOf(bytes);
  if (!mediaType) return { ok: false, code: 'not-an-image' };
  const cleaned = cleaners[mediaType](bytes);
  if (!cleaned || cleaned.width === 0 || cleaned.height === 0) return { ok: false, code: 'image-damaged' };
  const { width, height, parts } = cleaned;
  if (Math.max(width, height) > MOST_SIDE || width * height > MOST_PIXELS)
    return { ok: false, code: 'image-too-large' };
  return { ok: true, image: { mediaType, width, height, bytes: Buffer.concat(parts) } };
}

const cleaners: Readonly<Record<ImageType, (bytes: Buffer) => Cleaned | null>> = {
  'image/png': cleanPng,
  'image/jpeg': cleanJpeg,
  'image/gif': cleanGif,
  'image/webp': cleanWebp,
};

function typeOf(bytes: Buffer): ImageType | null {
  const begins = (signature: Buffer): boolean => bytes.subarray(0, signature.length).equals(signature);
  if (begins(pngSignature)) return 'image/png';
  if (begins(jpegSignature)) return 'image/jpeg';
  if (gifSignatures.some(begins)) return 'image/gif';
  return isWebp(bytes) ? 'image/webp' : null;
}
