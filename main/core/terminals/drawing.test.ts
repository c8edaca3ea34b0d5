/** Output on its way to the window: every byte once, gaps found, no more than was granted. */
import { beforeEach, describe, expect, it } from 'vitest';
import { decode, encode, type Frame, type Output } from '../../../protocol/wire/frame.ts';
import { createDrawing, type Drawing } from './drawing.ts';

const KIB = 1024;
let sent: Frame[] = [];
let shown: Uint8Array[] = [];
let drawing: Drawing;
beforeEach(() => {
  sent = [];
  shown = [];
  drawing = createDrawing({
    send(bytes) {
      const decoded = decode(bytes);
      if (decoded.ok) sent.push(decoded.frame);
    },
    showFrame: (bytes) => shown.push(bytes),
  });
});
const give = (offset: number, payload: Uint8Array) => {
  const frame: Output = { kind: 'output', channel: 0, offset, payload };
  const bytes = encode(frame);
  return { bytes, wrong: drawing.output(frame, bytes) };
};

describe('drawing', () => {
  it('asks for all there is on a fresh screen, and for what it lacks on one that has drawn', () => {
    expect(drawing.ask()).toEqual({ want: null, consumed: null, window: 256 * KIB });
    drawing.begin(40);
    expect(drawing.ask()).toMatchObject({ want: 40, consumed: 40 });
  });

  it('gives frames to the window as they came, without a copy', () => {
    drawing.attached(0, 10);
    const { bytes, wrong } = give(0, Uint8Array.of(1, 2));
    expect(wrong).toBeNull();
    expect(shown[0]).toBe(bytes);
  });

  it('gives what overlaps only once', () => {
    drawing.attached(0, 10);
    give(0, Uint8Array.of(1, 2));
    give(1, Uint8Array.of(2, 3));
    give(0, Uint8Array.of(1));
    expect(shown.map((bytes) => decode(bytes))).toMatchObject([
      { frame: { offset: 0, payload: Uint8Array.of(1, 2) } },
      { frame: { offset: 2, payload: Uint8Array.of(3) } },
    ]);
  });

  it('finds a gap, and what is beyond its window', () => {
    drawing.attached(0, 10);
    expect(give(1, Uint8Array.of(1)).wrong).toBe('gap');
    for (let offset = 0; offset < 256 * KIB; offset += 64 * KIB) give(offset, new Uint8Array(64 * KIB));
    expect(give(256 * KIB, Uint8Array.of(1)).wrong).toBe('beyond');
    expect(shown).toHaveLength(4);
  });

  it('acks at once when it is attached, when all is drawn, and after a quarter of the window', () => {
    drawing.attached(0, 10);
    expect(sent).toMatchObject([{ kind: 'output-ack', offset: 0, window: 256 * KIB }]);
    give(0, new Uint8Array(64 * KIB));
    give(64 * KIB, new Uint8Array(64 * KIB));
    drawing.drawn(10 * KIB, 1);
    expect(sent).toHaveLength(1);
    drawing.drawn(64 * KIB, 2);
    expect(sent.at(-1)).toMatchObject({ offset: 64 * KIB });
    drawing.drawn(128 * KIB, 3);
    expect(sent.at(-1)).toMatchObject({ offset: 128 * KIB });
    expect(sent).toHaveLength(3);
  });

  it('counts a gap that is stated as drawn when all before it is', () => {
    drawing.begin(0);
    drawing.attached(0, 10);
    give(0, new Uint8Array(100));
    drawing.drawn(40, 1);
    drawing.attached(5000, 10);
    expect(drawing.consumed).toBe(40);
    drawing.drawn(100, 2);
    expect(drawing.consumed).toBe(5000);
    expect(sent.at(-1)).toMatchObject({ offset: 5000 });
  });

  it('does not believe a window that has drawn what it was not given', () => {
    drawing.attached(0, 10);
    drawing.drawn(99, 1);
    expect(drawing.consumed).toBe(0);
  });
});
