/** Kept input: counted exactly, whatever the agent took, forgot or was told to drop. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeptInput } from './kept-input.ts';

const at = (ms: number) => ({ monotonic: ms, wall: ms });
const encoder = new TextEncoder();
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
function keeping(...typed: readonly string[]) {
  const input = createKeptInput();
  for (const each of typed) input.add(encoder.encode(each), at(0), 'typed');
  return input;
}

describe('kept input', () => {
  it('waits until the agent says where it stands', () => {
    const input = keeping('ab');
    expect(input.next()).toBeNull();
    input.attached(7);
    expect(input.next()).toMatchObject({ offset: 7, bytes: encoder.encode('ab') });
    expect(input.next()).toBeNull();
  });

  it('is sent again from what was taken, in one frame, after a cut', () => {
    const input = keeping('a', 'b', 'c', 'd');
    input.attached(0);
    input.next();
    input.acked(1);
    expect(input.attached(2)).toBe(true);
    expect(text(input.next()?.bytes)).toBe('cd');
    expect(input.sent).toBe(4);
  });

  it('goes no further than 64 KiB beyond what was taken, in frames of 8 KiB', () => {
    const input = createKeptInput();
    input.add(new Uint8Array(100_000), at(0), 'typed');
    input.attached(0);
    let frames = 0;
    while (input.next() !== null) frames += 1;
    expect([frames, input.sent]).toEqual([8, 65_536]);
    input.acked(8192);
    expect(input.next()?.bytes.length).toBe(8192);
  });

  it('of a client that the agent has forgotten says so: it may have been taken or not', () => {
    const input = keeping('abc');
    input.attached(10);
    input.next();
    expect(input.attached(0)).toBe(false);
    expect(input.next()).toMatchObject({ offset: 0, bytes: encoder.encode('abc') });
  });

  it('that was discarded while it may have been on its way still counts, so that nothing typed later is lost', () => {
    const input = keeping('old');
    input.attached(0);
    input.next();
    input.discard(false);
    input.add(encoder.encode('new'), at(0), 'typed');
    expect(input.typed).toBe(3);
    input.attached(3);
    expect(text(input.next()?.bytes)).toBe('new');
  });

  it('that was discarded and never taken is gone', () => {
    const input = keeping('old');
    input.attached(0);
    input.next();
    input.discard(false);
    input.add(encoder.encode('new'), at(0), 'typed');
    input.attached(0);
    expect(text(input.next()?.bytes)).toBe('new');
  });

  it('knows how old it is, and is young again when the person confirms it', () => {
    const input = keeping('a');
    expect(input.isOlder(5000, at(5001))).toBe(true);
    input.confirm(at(5001));
    expect(input.isOlder(5000, at(9000))).toBe(false);
  });

  it('is shown with its control characters to be seen', () => {
    expect(keeping('rm -rf /\r', '\u007f\u001b').preview()).toBe('rm -rf /\u240d\u2421\u241b');
  });

  it('is bounded: who types blind into a dead link is stopped', () => {
    const input = createKeptInput();
    const megabyte = new Uint8Array(1024 * 1024);
    for (let count = 0; count < 4; count += 1) expect(input.add(megabyte, at(0), 'typed')).toBe(true);
    expect(input.add(Uint8Array.of(1), at(0), 'typed')).toBe(false);
  });

  it('reaches a shell that takes some, drops the rest and loses the link, whole and in order', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('type' as const), count: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ do: fc.constantFrom('send' as const, 'cut' as const, 'ack' as const) }),
      fc.record({ do: fc.constant('take' as const), count: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const input = createKeptInput();
        input.attached(0);
        let typed = '';
        let arrived = '';
        let taken = '';
        for (const each of [
          ...steps,
          { do: 'cut' as const },
          { do: 'send' as const },
          { do: 'take' as const, count: 2000 },
        ]) {
          if (each.do === 'type') {
            const more = Array.from({ length: each.count }, (_, index) =>
              String.fromCodePoint(97 + ((typed.length + index) % 26)),
            ).join('');
            typed += more;
            input.add(encoder.encode(more), at(0), 'typed');
          } else if (each.do === 'send') {
            for (let part = input.next(); part !== null; part = input.next()) {
              expect(part.offset).toBe(arrived.length);
              arrived += text(part.bytes);
            }
          } else if (each.do === 'take') taken = arrived.slice(0, Math.min(arrived.length, taken.length + each.count));
          else if (each.do === 'ack') input.acked(taken.length);
          else {
            arrived = taken;
            input.attached(taken.length);
          }
        }
        expect(taken).toBe(typed);
      }),
    );
  });
});
