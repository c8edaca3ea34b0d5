/** JPEG, segment by segment (ITU T.81, annex B): each a marker and a length, but for the scans, which end at the next marker. */
import type { Cleaned } from './cleaned.ts';
import { orientationOf, orientationSegment } from './exif-orientation.ts';

export const jpegSignature = Buffer.from('ffd8ff', 'hex');
const START = Buffer.from('ffd8', 'hex');
const END = Buffer.from('ffd9', 'hex');
const MARKER = { dht: 0xc4, jpg: 0xc8, dac: 0xcc, eoi: 0xd9, sos: 0xda, dqt: 0xdb, dri: 0xdd, com: 0xfe } as const;
const APP = { jfif: 0xe0, exif: 0xe1, icc: 0xe2, adobe: 0xee } as const;

interface Segment {
  readonly marker: number;
  readonly whole: Buffer;
  /** Without marker and length. */
  readonly data: Buffer;
}
interface Seen {
  size: { readonly width: number; readonly height: number } | null;
  hasScan: boolean;
}

/** Null: damaged, or not to its end. What follows the end is left away. */
export function cleanJpeg(bytes: Buffer): Cleaned | null {
  const kept: Buffer[] = [START];
  const seen: Seen = { size: null, hasScan: false };
  for (let at = START.length; ;) {
    at = pastFill(bytes, at);
    if (bytes[at] === 0xff && bytes[at + 1] === MARKER.eoi) break;
    const segment = segmentAt(bytes, at);
    if (!segment) return null;
    const part = shownOf(segment, seen);
    if (part === null) return null;
    kept.push(part);
    at += segment.whole.length;
  }
  return seen.size && seen.hasScan ? { ...seen.size, parts: [...kept, END] } : null;
}

/** Any number of 0xff may stand before a marker. */
function pastFill(bytes: Buffer, at: number): number {
  let next = at;
  while (bytes[next] === 0xff && bytes[next + 1] === 0xff) next += 1;
  return next;
}

function segmentAt(bytes: Buffer, at: number): Segment | null {
  const marker = bytes[at + 1];
  if (bytes[at] !== 0xff || marker === undefined || at + 4 > bytes.length) return null;
  const headEnd = at + 2 + bytes.readUInt16BE(at + 2);
  const end = marker === MARKER.sos ? scanEnd(bytes, headEnd) : headEnd;
  if (end === null || headEnd < at + 4 || end > bytes.length) return null;
  return { marker, whole: bytes.subarray(at, end), data: bytes.subarray(at + 4, headEnd) };
}

/** Within a scan 0xff is followed by 0, or by the number of a restart. Null: it does not end. */
function scanEnd(bytes: Buffer, from: number): number | null {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return null;
    const isInScan = next === 0 || next === 0xff || (next >= 0xd0 && next <= 0xd7);
    if (!isInScan) return at;
  }
  return null;
}

/** What stays of it: empty where it shows nothing. Null: it belongs into no such file. */
function shownOf({ marker, whole, data }: Segment, seen: Seen): Buffer | null {
  if (isFrame(marker)) {
    if (data.length < 6) return null;
    seen.size = { height: data.readUInt16BE(1), width: data.readUInt16BE(3) };
    return whole;
  }
  switch (marker) {
    case MARKER.sos:
      seen.hasScan = true;
      return whole;
    case MARKER.dht:
    case MARKER.dqt:
    case MARKER.dri:
    case MARKER.dac:
      return whole;
    default:
      return isApplication(marker) ? ofApplication(marker, whole, data) : null;
  }
}

function isFrame(marker: number): boolean {
  const isOther = marker === MARKER.dht || marker === MARKER.jpg || marker === MARKER.dac;
  return marker >= 0xc0 && marker <= 0xcf && !isOther;
}

/** Of an application, or a comment. */
function isApplication(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === MARKER.com;
}

const NOTHING = Buffer.alloc(0);
/** Colours, and which way is up. Where and when it was taken, and by whom, is nobody's business here. */
function ofApplication(marker: number, whole: Buffer, data: Buffer): Buffer {
  const begins = (text: string): boolean => data.subarray(0, text.length).equals(Buffer.from(text, 'latin1'));
  if (marker === APP.exif && begins('Exif\0\0')) return orientationSegment(orientationOf(data.subarray(6)));
  const isColour =
    (marker === APP.jfif && begins('JFIF\0')) ||
    (marker === APP.icc && begins('ICC_PROFILE\0')) ||
    (marker === APP.adobe && begins('Adobe'));
  return isColour ? whole : NOTHING;
}
