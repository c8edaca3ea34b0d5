/** Small images of each kind, and the bad ones that somebody might send instead. */
import { crc32, deflateSync } from 'node:zlib';

const from = (base64: string): Buffer => Buffer.from(base64, 'base64');

export const gif = from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7');
export const webp = from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA');
export const losslessWebp = from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==');

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
/** Grey, 8 bits; `extra` stands before the picture. */
export function png({ width = 2, height = 2, extra = [] as readonly Buffer[] } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  const picture = deflateSync(Buffer.alloc(6));
  return Buffer.concat([
    PNG,
    pngChunk('IHDR', header),
    ...extra,
    pngChunk('IDAT', picture),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}
/** A picture of `bytes` bytes in all. */
export function pngOf(bytes: number): Buffer {
  const rest = bytes - png().length - 12;
  return png({ extra: [pngChunk('IDAT', Buffer.alloc(rest))] });
}

/** As the form that takes an image has it. */
export function imageForm(image: Uint8Array): FormData {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(image)]), 'image.png');
  return form;
}

function segment(marker: number, data: Uint8Array): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}
const text = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');

/** Exif of a telephone: turned by a quarter, and taken at a secret place. */
export const SECRET = 'N 52 31 12 E 13 24 18';
export const exif = segment(
  0xe1,
  Buffer.concat([
    text('Exif\0\0II*\0'),
    Buffer.from([8, 0, 0, 0, 2, 0]),
    Buffer.from([0x0e, 0x01, 2, 0, 21, 0, 0, 0, 0x26, 0, 0, 0]),
    Buffer.from([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]),
    Buffer.alloc(4),
    text(SECRET),
  ]),
);
export const comment = segment(0xfe, text('<script>alert(1)</script>'));

export function jpeg({ width = 2, height = 2, extra = [] as readonly Buffer[] } = {}): Buffer {
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    segment(0xe0, text('JFIF\0\x01\x01\0\0\x01\0\x01\0\0')),
    ...extra,
    segment(0xdb, Buffer.alloc(65)),
    segment(0xc0, frame),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from('12ff0034ffd056', 'hex'), // data with a stuffed 0xff and a restart
    Buffer.from('ffd9', 'hex'),
  ]);
}

/** With a chunk beside the picture, as a longer file has it. */
export function webpWith(type: string, data: Uint8Array): Buffer {
  const extended = Buffer.from([0x0c, 0, 0, 0, 0, 0, 0, 0, 0, 0]); // one by one, said to have Exif and XMP
  const parts = [webpChunk('VP8X', extended), webp.subarray(12), webpChunk(type, data)];
  const head = text('RIFF\0\0\0\0WEBP');
  head.writeUInt32LE(4 + parts.reduce((sum, { length }) => sum + length, 0), 4);
  return Buffer.concat([head, ...parts]);
}
function webpChunk(type: string, data: Uint8Array): Buffer {
  const head = text(`${type}\0\0\0\0`);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

export const svg = text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
export const html = text('<!doctype html><script>alert(1)</script>');
