/** What is typed reaches the port exactly, numbered per port, stamped, and never late by surprise. */
import { array, assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TerminalPort } from '../../protocol/bridge/terminal.ts';
import { decode, type Input as InputFrame } from '../../protocol/wire/frame.ts';
import { createInput } from './input.ts';
import { createFakeTime } from './testing/fake-time.ts';

function createPort() {
  const frames: InputFrame[] = [];
  const port: TerminalPort = {
    send: () => undefined,
    sendFrame(bytes) {
      const decoded = decode(bytes);
      if (!decoded.ok || decoded.frame.kind !== 'input') throw new Error('not an input frame');
      frames.push(decoded.frame);
    },
    onMessage: () => undefined,
    onFrame: () => undefined,
    onClose: () => undefined,
    close: () => undefined,
  };
  return { port, frames };
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const joined = (frames: readonly InputFrame[]): number[] => frames.flatMap(({ payload }) => [...payload]);

describe('typing', () => {
  it('is cut into frames of at most 64 KiB, numbered without a gap', () => {
    assert(
      property(array(uint8Array({ minLength: 1, maxLength: 90_000 }), { maxLength: 5 }), (pieces) => {
        const { port, frames } = createPort();
        const input = createInput(createFakeTime().now);
        input.connect(port);
        for (const piece of pieces) input.type(piece);
        expect(joined(frames)).toEqual(pieces.flatMap((piece) => [...piece]));
        let due = 0;
        for (const { offset, payload } of frames) {
          expect(offset).toBe(due);
          expect(payload.length).toBeLessThanOrEqual(64 * 1024);
          due += payload.length;
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is stamped in tenths of a second since the port was ready', () => {
    const time = createFakeTime();
    const { port, frames } = createPort();
    const input = createInput(time.now);
    time.advance(5000);
    input.connect(port);
    input.type(bytes('a'));
    time.advance(1250);
    input.type(bytes('b'));
    time.advance(2 ** 24 * 100);
    input.type(bytes('c'));
    expect(frames.map(({ typedAt }) => typedAt)).toEqual([0, 12, 12]);
  });

  it('is stamped by the clock that went on in sleep', () => {
    let wall = 0;
    const { port, frames } = createPort();
    const input = createInput(() => ({ monotonic: 0, wall }));
    input.connect(port);
    wall = 60_000;
    input.type(bytes('a'));
    expect(frames[0]?.typedAt).toBe(600);
  });

  it('is numbered from 0 again on a new port', () => {
    const input = createInput(createFakeTime().now);
    const first = createPort();
    input.connect(first.port);
    input.type(bytes('abc'));
    input.lost();
    const second = createPort();
    input.connect(second.port);
    input.type(bytes('d'));
    expect(second.frames.map(({ offset }) => offset)).toEqual([0]);
    expect(joined(first.frames)).toEqual([...bytes('abc')]);
  });
});

describe('typing before there is a port', () => {
  it('waits, and goes when the port is ready', () => {
    const time = createFakeTime();
    const { port, frames } = createPort();
    const input = createInput(time.now);
    expect(input.type(bytes('ls'))).toBe(true);
    expect(input.type(bytes('\r'))).toBe(true);
    time.advance(4000);
    expect(input.connect(port)).toBe(0);
    expect(joined(frames)).toEqual([...bytes('ls\r')]);
  });

  it('older than five seconds is thrown away whole, and counted', () => {
    const time = createFakeTime();
    const { port, frames } = createPort();
    const input = createInput(time.now);
    input.type(bytes('rm '));
    time.advance(5001);
    input.type(bytes('-rf'));
    expect(input.connect(port)).toBe(6);
    input.type(bytes('x'));
    expect(frames.map(({ offset, payload }) => [offset, [...payload]])).toEqual([[0, [0x78]]]);
  });

  it('is refused when too much waits', () => {
    const input = createInput(createFakeTime().now);
    expect(input.type(new Uint8Array(64 * 1024))).toBe(true);
    expect(input.type(bytes('x'))).toBe(false);
  });
});
