import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, constantFrom, nat, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comment,
  exif,
  gif,
  html,
  jpeg,
  losslessWebp,
  png,
  pngChunk,
  SECRET,
  svg,
  webp,
  webpWith,
} from '../../../../test/service/images.ts';
import { orientationOf } from './exif-orientation.ts';
import { readImage } from './image.ts';

const all = { png: png(), jpeg: jpeg(), gif, webp, losslessWebp };
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
function kept(bytes: Uint8Array): Buffer {
  const read = readImage(bytes);
  if (!read.ok) throw new Error(read.code);
  return read.image.bytes;
}

describe('an image', () => {
  it.each([
    ['PNG', png({ width: 3, height: 5 }), { mediaType: 'image/png', width: 3, height: 5 }],
    ['JPEG', jpeg({ width: 640, height: 480 }), { mediaType: 'image/jpeg', width: 640, height: 480 }],
    ['GIF', gif, { mediaType: 'image/gif', width: 1, height: 1 }],
    ['WebP', webp, { mediaType: 'image/webp', width: 1, height: 1 }],
    ['lossless WebP', losslessWebp, { mediaType: 'image/webp', width: 1, height: 1 }],
    ['longer WebP', webpWith('ICCP', Buffer.from('odd')), { mediaType: 'image/webp', width: 1, height: 1 }],
  ])('of the kind %s is known by its bytes, with its size', (_kind, bytes, image) => {
    expect(readImage(bytes)).toMatchObject({ ok: true, image });
  });

  it.each(Object.entries(all))('as small as %s keeps every byte', (_kind, bytes) => {
    expect(kept(bytes)).toEqual(bytes);
  });

  it('made by a program is kept, and reading it again changes nothing', () => {
    const screenshot = readFileSync(join(import.meta.dirname, '../../../../docs/screenshot.png'));
    const once = kept(screenshot);
    expect(once.length).toBeGreaterThan(0.9 * screenshot.length);
    expect(kept(once)).toEqual(once);
  });
});

describe('what an image carries beside its picture is left away', () => {
  it('where it was taken, but not which way is up', () => {
    const bytes = kept(jpeg({ extra: [exif, comment] }));
    expect(latin1(bytes)).not.toContain(SECRET);
    expect(latin1(bytes)).not.toContain('script');
    const at = bytes.indexOf('Exif\0\0');
    expect(orientationOf(bytes.subarray(at + 6))).toBe(6);
    expect(kept(bytes)).toEqual(bytes);
  });

  it.each([
    ['text of a PNG', png({ extra: [pngChunk('tEXt', Buffer.from(`Comment\0${SECRET}`))] })],
    ['Exif of a PNG', png({ extra: [pngChunk('eXIf', Buffer.from(SECRET))] })],
    ['Exif of a WebP', webpWith('EXIF', Buffer.from(SECRET))],
    ['XMP of a WebP', webpWith('XMP ', Buffer.from(SECRET))],
    [
      'a comment of a GIF',
      Buffer.concat([
        gif.subarray(0, 19),
        Buffer.from([0x21, 0xfe, SECRET.length]),
        Buffer.from(`${SECRET}\0`),
        gif.subarray(19),
      ]),
    ],
  ])('%s', (_what, bytes) => {
    expect(latin1(bytes)).toContain(SECRET);
    const cleaned = kept(bytes);
    expect(latin1(cleaned)).not.toContain(SECRET);
    expect(kept(cleaned)).toEqual(cleaned);
  });

  it.each(Object.entries(all))('another file behind %s', (_kind, bytes) => {
    expect(kept(Buffer.concat([bytes, html]))).toEqual(bytes);
  });

  it('the flags of a WebP no longer say that it is there', () => {
    expect(kept(webpWith('EXIF', Buffer.from(SECRET)))[20]).toBe(0);
  });
});

describe('no image is', () => {
  it.each([
    ['an SVG', svg],
    ['a page', html],
    ['nothing', Buffer.alloc(0)],
    ['a page with an image behind it', Buffer.concat([html, png()])],
    ['a name of a kind alone', Buffer.from('GIF8')],
    ['another kind of RIFF', Buffer.from('RIFF\x04\0\0\0WAVE', 'latin1')],
  ])('%s', (_what, bytes) => {
    expect(readImage(bytes)).toEqual({ ok: false, code: 'not-an-image' });
  });
});

describe('a damaged image is refused', () => {
  it.each(Object.entries(all))('wherever %s is cut', (_kind, bytes) => {
    for (let length = 12; length < bytes.length; length += 1) {
      expect(readImage(bytes.subarray(0, length)), String(length)).toMatchObject({ ok: false });
    }
  });

  it.each([
    ['a PNG whose picture does not fit its checksum', png().fill(1, 45, 46)],
    ['a PNG that begins with its picture', Buffer.concat([png().subarray(0, 8), png().subarray(33)])],
    ['a PNG with a part that a reader must know', png({ extra: [pngChunk('ABCD', Buffer.alloc(1))] })],
    ['a PNG without extent', png({ width: 0 })],
    ['a JPEG without a frame', Buffer.from('ffd8ffda00080101000000123456ffd9', 'hex')],
    ['a GIF without a frame', Buffer.concat([gif.subarray(0, 19), Buffer.from(';')])],
    ['a script that calls itself a GIF', Buffer.from('GIF89a/*,,,*/=1;alert(1)//;')],
  ])('%s', (_what, bytes) => {
    expect(readImage(bytes)).toEqual({ ok: false, code: 'image-damaged' });
  });

  it('whatever the bytes are, with an answer, and what is kept is an image again', () => {
    const kind = constantFrom(...Object.values(all));
    const run = property(kind, nat(60), uint8Array({ maxLength: 8 }), (bytes, at, noise) => {
      const changed = Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at + noise.length)]);
      const read = readImage(changed);
      if (read.ok) expect(readImage(read.image.bytes)).toEqual(read);
    });
    assert(run, { numRuns: 2000 });
  });
});

describe('an image that would fill the memory of who looks at it is refused', () => {
  it.each([
    ['too wide', png({ width: 20_000, height: 1 })],
    ['too high', jpeg({ width: 1, height: 20_000 })],
    ['too many pixels', png({ width: 16_000, height: 16_000 })],
  ])('%s', (_what, bytes) => {
    expect(readImage(bytes)).toEqual({ ok: false, code: 'image-too-large' });
  });
});
