/** The token's way in. */
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readToken, type, type TokenInput } from './token.ts';

describe('typed without echo', () => {
  it('ends with enter', () => {
    expect(type('', 'vsay_rt_1\r')).toEqual({ line: 'vsay_rt_1', over: 'enter' });
  });

  it('may come in pieces and be corrected', () => {
    const first = type('', 'vsx');
    expect(type(first.line, '\u007fay\n')).toEqual({ line: 'vsay', over: 'enter' });
  });

  it('can be cancelled', () => {
    expect(type('vsa', '\u0003').over).toBe('cancel');
  });
});

interface Keyboard extends TokenInput {
  readonly raw: readonly boolean[];
}

/** Standard input of which a test holds the other end. */
function input(isTTY: boolean, ...parts: readonly string[]): Keyboard {
  const raw: boolean[] = [];
  return Object.assign(Readable.from(parts), { isTTY, raw, setRawMode: (on: boolean) => raw.push(on) });
}

describe('a token', () => {
  it('comes by standard input, without the line’s end', async () => {
    expect(await readToken('-', input(false, 'vsay_', 'rt_1\n'), () => undefined)).toEqual({
      ok: true,
      token: 'vsay_rt_1',
    });
  });

  it('is asked for on a terminal, whose echo is off meanwhile and on again after', async () => {
    const asked: string[] = [];
    const keyboard = input(true, 'vsay_rt', '_1\r');
    expect(await readToken(undefined, keyboard, (text) => asked.push(text))).toEqual({ ok: true, token: 'vsay_rt_1' });
    expect(keyboard.raw).toEqual([true, false]);
    expect(asked.join('')).toMatch(/^Registration token.*\n$/u);
  });

  it('can be kept back', async () => {
    expect(await readToken(undefined, input(true, 'x\u0003'), () => undefined)).toMatchObject({ code: 'cancelled' });
  });

  it('is asked of nobody where nobody sits', async () => {
    expect(await readToken(undefined, input(false), () => undefined)).toMatchObject({ code: 'no-token' });
  });

  it.each(['', 'two words', 'x'.repeat(600)])('is not %j', async (given) => {
    expect(await readToken('-', input(false, given), () => undefined)).toMatchObject({ ok: false, code: 'no-token' });
  });
});
