import { describe, expect, it } from 'vitest';
import { bindable } from './bindable.ts';

describe('what is bound to a statement', () => {
  it.each([['text'], [0], [1.5], [12n], [null], [new Uint8Array([1])]])('keeps %s', (value) => {
    expect(bindable(value)).toBe(value);
  });

  it.each([[new Date(0)], [{}], [[1]], [undefined], [Number.NaN], [Infinity], [true], [() => 1], ['a\0b']])(
    'refuses %s, which would be stored as something else without a word',
    (value) => {
      expect(() => bindable(value)).toThrow(/cannot be stored/);
    },
  );
});
