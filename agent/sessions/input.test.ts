/** A session's input: nothing late, nothing twice, nothing lost without a word. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Input } from '../../protocol/wire/frame.ts';
import { createInput, INPUT_WINDOW, type SessionInput } from './input.ts';

const at = (ms: number, wall = ms) => ({ monotonic: ms, wall: 1_700_000_000_000 + wall });
const typed = (offset: number, text: string, typedAt = 0): Input => ({
  kind: 'input',
  channel: 1,
  offset,
  typedAt,
  payload: new TextEncoder().encode(text),
});
/** A PTY that takes all it is given. */
const drain = (input: SessionInput, now = at(0)): string => {
  let text = '';
  for (let bytes = input.next(); bytes !== null; bytes = input.next()) {
    text += new TextDecoder().decode(bytes);
    input.wrote(bytes.length, now);
  }
  return text;
};

describe('input', () => {
  it('reaches the PTY once, whatever overlaps', () => {
    const input = createInput();
    input.attach('a', at(0));
    input.receive(typed(0, 'ls'), at(0));
    input.receive(typed(1, 's -l'), at(0));
    input.receive(typed(0, 'ls'), at(0));
    expect(drain(input)).toBe('ls -l');
    expect(input.taken).toBe(5);
  });

  it('with a hole in it is refused', () => {
    const input = createInput();
    input.attach('a', at(0));
    expect(input.receive(typed(1, 'x'), at(0))).toBe('input-gap');
    expect(drain(input)).toBe('');
  });

  it('beyond the window is refused: no client fills the memory of an agent whose shell reads nothing', () => {
    const input = createInput();
    input.attach('a', at(0));
    expect(input.receive(typed(0, 'x'.repeat(INPUT_WINDOW)), at(0))).toBeNull();
    expect(input.receive(typed(INPUT_WINDOW, 'x'), at(0))).toBe('input-window');
  });

  it('that waited over 5 s on a stalled link is refused: no stale line is executed', () => {
    const input = createInput();
    input.attach('a', at(1000));
    expect(input.receive(typed(0, 'x', 20), at(1000 + 2000 + 5000))).toBeNull();
    expect(input.receive(typed(1, 'y', 20), at(1000 + 2000 + 5001))).toBe('late');
    expect(drain(input)).toBe('x');
  });

  it('that lay in the buffers of a machine that slept is refused, though its monotonic clock stood still', () => {
    const input = createInput();
    input.attach('a', at(0));
    expect(input.receive(typed(0, 'rm -rf', 1), at(200, 3_600_000))).toBe('late');
  });

  it('typed shortly before it was attached is not late, and 19 days later the count goes round', () => {
    const input = createInput();
    input.attach('a', at(0));
    expect(input.receive(typed(0, 'x', 2 ** 24 - 10), at(500))).toBeNull();
    const round = 2 ** 24 * 100;
    expect(input.receive(typed(1, 'y', 5), at(round + 600))).toBeNull();
    expect(input.receive(typed(2, 'z', 2 ** 24 - 1), at(round + 600))).toBeNull();
    expect(input.receive(typed(3, 'z', 2 ** 24 - 60), at(round + 600))).toBe('late');
  });

  it('from a clock that has nothing in common with this one is refused', () => {
    const input = createInput();
    input.attach('a', at(0));
    expect(input.receive(typed(0, 'x', 60), at(0))).toBe('late');
    expect(input.receive(typed(0, 'x', 0), at(10, -1))).toBe('late');
  });

  it('not yet written is dropped when somebody attaches, and the answer says what was taken', () => {
    const input = createInput();
    input.attach('a', at(0));
    input.receive(typed(0, 'abcdef'), at(0));
    input.wrote(2, at(0));
    expect(input.next()).toBeNull();
    expect(input.attach('b', at(1))).toBe(0);
    expect(input.attach('a', at(2))).toBe(2);
    input.writable();
    expect(input.receive(typed(2, 'C'), at(2))).toBeNull();
    expect(drain(input)).toBe('C');
  });

  it('goes on where the PTY stopped taking it', () => {
    const input = createInput();
    input.attach('a', at(0));
    input.receive(typed(0, 'abc'), at(0));
    input.wrote(1, at(0));
    expect(input.next()).toBeNull();
    input.writable();
    expect(drain(input)).toBe('bc');
  });

  it('is acknowledged after a second, or at once from 8 KiB on', () => {
    const input = createInput();
    input.attach('a', at(0));
    input.receive(typed(0, 'x'), at(100));
    drain(input, at(100));
    expect(input.ackDue).toBe(1100);
    input.receive(typed(1, 'x'.repeat(8191), 2), at(200));
    drain(input, at(200));
    expect(input.ackDue).toBe(200);
    input.acked();
    expect(input.ackDue).toBe(Number.POSITIVE_INFINITY);
  });

  it('is remembered for the last 16 clients', () => {
    const input = createInput();
    for (let client = 0; client < 17; client += 1) {
      input.attach(String(client), at(0));
      input.receive(typed(0, 'x'), at(0));
      drain(input);
    }
    expect(input.attach('1', at(0))).toBe(1);
    expect(input.attach('0', at(0))).toBe(0);
  });

  it('whatever comes, is a prefix of what was typed: no byte is lost, doubled or swapped', () => {
    const frames = fc.array(
      fc.record({ offset: fc.nat(40), length: fc.integer({ min: 1, max: 12 }), takes: fc.nat(12) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(frames, (given) => {
        const line = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
        const input = createInput();
        let taken = '';
        input.attach('a', at(0));
        for (const { offset, length, takes } of given) {
          input.receive(typed(offset, line.slice(offset, offset + length)), at(0));
          input.writable();
          const bytes = input.next();
          const count = Math.min(takes, bytes?.length ?? 0);
          taken += new TextDecoder().decode(bytes?.subarray(0, count));
          input.wrote(count, at(0));
        }
        expect(line.startsWith(taken)).toBe(true);
        expect(input.taken).toBe(taken.length);
      }),
    );
  });
});
