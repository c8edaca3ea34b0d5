/** What a program may ask of the clipboard. */
import { describe, expect, it } from 'vitest';
import { clipboardWish } from './clipboard-wish.ts';

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('a wish for the clipboard', () => {
  it('is text to put there', () => {
    expect(clipboardWish(`c;${encode('grüße 👋')}`)).toBe('grüße 👋');
    expect(clipboardWish(`;${encode('x')}`)).toBe('x');
  });

  it.each([
    ['a query', 'c;?'],
    ['nothing', 'c;'],
    ['no base64', 'c;*'],
    ['no text', `c;${Buffer.from([0xff, 0xfe]).toString('base64')}`],
    ['too much', `c;${encode('x'.repeat(256 * 1024 + 1))}`],
  ])('that is %s is none', (_name, data) => {
    expect(clipboardWish(data)).toBeNull();
  });
});
