import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createPlainInput, INPUT_WINDOW, type PlainInput } from './plain-input.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('what a plain client typed', () => {
  let input: PlainInput;
  beforeEach(() => {
    input = createPlainInput();
  });
  const sent = (): string => {
    let text = '';
    for (let frame = input.next(); frame; frame = input.next()) text += new TextDecoder().decode(frame.payload);
    return text;
  };

  it('waits for the shell, then goes', () => {
    input.typed(bytes('ls\r'), 0);
    expect(input.next()).toBeNull();
    input.attached(0, 10);
    expect(input.next()).toEqual({ offset: 0, payload: bytes('ls\r') });
    expect(input.next()).toBeNull();
  });

  it('goes again after a cut, from where the shell took it', () => {
    input.attached(0, 0);
    input.typed(bytes('echo '), 0);
    input.typed(bytes('hello\r'), 100);
    expect(sent()).toBe('echo hello\r');
    input.detached();
    input.attached(7, 3000);
    expect(input.next()).toEqual({ offset: 7, payload: bytes('llo\r') });
  });

  it('is forgotten when it is older than five seconds at a re-attach (pain: wake sends stale input)', () => {
    input.attached(0, 0);
    input.detached();
    input.typed(bytes('rm -rf x\r'), 0);
    input.attached(0, 5001);
    expect(input.next()).toBeNull();
    input.typed(bytes('ls\r'), 5002);
    expect(input.next()).toEqual({ offset: 0, payload: bytes('ls\r') });
  });

  it('never has more under way than the agent takes', () => {
    input.attached(0, 0);
    input.typed(new Uint8Array(3 * INPUT_WINDOW), 0);
    expect(input.next()?.payload).toHaveLength(INPUT_WINDOW);
    expect(input.next()).toBeNull();
    expect(input.isFull).toBe(true);
    input.acked(1000);
    expect(input.next()).toMatchObject({ offset: INPUT_WINDOW, payload: { length: 1000 } });
    input.acked(2 * INPUT_WINDOW);
    expect(input.isFull).toBe(false);
  });

  it('arrives whole and in order, however it was typed, acked and cut', () => {
    const act = fc.oneof(
      fc.record({ is: fc.constant('type' as const), length: fc.integer({ min: 1, max: 40_000 }) }),
      fc.record({ is: fc.constant('take' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ is: fc.constant('cut' as const) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const kept = createPlainInput();
        const typed: number[] = [];
        let taken: number[] = [];
        let arrived: number[] = [];
        const pump = (): void => {
          for (let frame = kept.next(); frame; frame = kept.next()) {
            expect(frame.offset).toBe(arrived.length);
            arrived.push(...frame.payload);
          }
        };
        kept.attached(0, 0);
        for (const each of acts) {
          if (each.is === 'type') {
            const chunk = Uint8Array.from({ length: each.length }, (_, i) => (typed.length + i) % 251);
            typed.push(...chunk);
            kept.typed(chunk, 0);
          } else if (each.is === 'take') {
            taken = arrived.slice(0, Math.max(taken.length, Math.floor(arrived.length * each.share)));
            kept.acked(taken.length);
          } else {
            kept.detached();
            arrived = [...taken];
            kept.attached(taken.length, 0);
          }
          pump();
          expect(arrived.length - taken.length).toBeLessThanOrEqual(INPUT_WINDOW);
        }
        expect(arrived).toEqual(typed.slice(0, arrived.length));
      }),
      { numRuns: 50 },
    );
  });
});
