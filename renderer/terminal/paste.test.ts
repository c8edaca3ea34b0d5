/** The one paste path: what is sent, what is shown, and when the person is asked (paste guard with holes). */
import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanPaste, inspectPaste, isRisky, joinLines, pasteInput, showPaste } from './paste.ts';
import { createPasting, type PasteAnswer, type PendingPaste } from './pasting.ts';

function setUp({ guarded = true, bracketed = false, taken = true } = {}) {
  const sent: string[] = [];
  const refused: string[] = [];
  const asked: (PendingPaste | null)[] = [];
  const pasting = createPasting({
    isTaken: () => taken,
    guarded: () => guarded,
    bracketed: () => bracketed,
    ask: (pending) => void asked.push(pending),
    send: (input) => void sent.push(input),
    refused: (why) => void refused.push(why),
  });
  return { pasting, sent, refused, asked };
}
const answer = (form: PasteAnswer['form'], remember = false): PasteAnswer => ({ form, remember });

const risky = (text: string): boolean => isRisky(inspectPaste(text));

describe('a paste', () => {
  it.each([
    ['\\r\\n', 'a\r\nb\r\n'],
    ['\\n', 'a\nb\n'],
    ['\\r', 'a\rb\r'],
    ['a mixture', 'a\r\nb\r'],
    ['a line separator', 'a\u2028b\u0085'],
  ])('with line ends as %s gives one key for each, and is asked about', (_name, text) => {
    expect(pasteInput(text, false)).toBe('a\rb\r');
    expect(inspectPaste(text)).toMatchObject({ lines: 2, endsLine: true });
    expect(risky(text)).toBe(true);
  });

  it('of one line that ends is asked about: it would run at once', () => {
    expect(risky('reboot\n')).toBe(true);
    expect(inspectPaste('reboot\n')).toMatchObject({ lines: 1, endsLine: true });
  });

  it.each(['ls -la', 'tab\there', '漢字', 'cafe\u0301', '👩‍💻', 'क्‍ष'])('of %j is not asked about', (text) => {
    expect(risky(text)).toBe(false);
    expect(pasteInput(text, false)).toBe(text);
  });

  it.each([
    ['a control character', 'a\u0003b'],
    ['an escape', 'a\u001b[Ab'],
    ['DEL', 'a\u007fb'],
    ['an 8-bit CSI', 'a\u009b201~b'],
    ['text that is reversed', 'a\u202eb'],
    ['an invisible space', 'a\u200bb'],
  ])('with %s is asked about', (_name, text) => {
    expect(risky(text)).toBe(true);
    expect(cleanPaste(text)).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });

  it('cannot end its own bracket, in either notation or nested', () => {
    const attack = 'safe\u001b[201~\nreboot\n\u009b201~\u001b\u001b[201~[201~';
    const input = pasteInput(attack, true);
    expect(input.startsWith('\u001b[200~')).toBe(true);
    expect(input.endsWith('\u001b[201~')).toBe(true);
    expect(input.indexOf('\u001b[201~')).toBe(input.length - 6);
    expect(input).not.toContain('\u009b');
  });

  it('in brackets holds no control character but line ends and tabs, whatever it was', () => {
    assert(
      property(string({ unit: 'binary' }), (text) => {
        const inside = pasteInput(text, true).slice(6, -6);
        expect(inside.replace(/[\r\t]/g, '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('is shown exactly, with all that is not seen made visible', () => {
    expect(showPaste('a\u0003\tb\u001b[1m\r\n\u202ec\u007f')).toBe('a␃⇥\tb␛[1m⏎\n⟨U+202E⟩c␡');
    assert(
      property(string({ unit: 'binary' }), (text) => {
        expect(showPaste(text).replace(/[\t\n\u200c\u200d]/g, '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
      }),
    );
  });

  it('can be joined into one line that does not run', () => {
    expect(joinLines('git log \\\r\n  --oneline\n\n')).toBe('git log \\ --oneline');
    expect(risky(joinLines('a\nb\n'))).toBe(false);
  });
});

describe('the paste guard', () => {
  it('lets what is harmless through', () => {
    const { pasting, sent, asked } = setUp();
    pasting.paste('ls');
    expect(sent).toEqual(['ls']);
    expect(asked).toEqual([]);
  });

  it.each([true, false])('asks before several lines, also with bracketed paste on (%s)', (bracketed) => {
    const { pasting, sent, asked } = setUp({ bracketed });
    pasting.paste('a\nb');
    expect(sent).toEqual([]);
    expect(asked[0]).toMatchObject({ text: 'a\nb', bracketed });
    pasting.answer(answer('clean'));
    expect(sent).toEqual([bracketed ? '\u001b[200~a\rb\u001b[201~' : 'a\rb']);
    expect(asked.at(-1)).toBeNull();
  });

  it('sends nothing when the person says no, and nothing twice', () => {
    const { pasting, sent } = setUp();
    pasting.paste('a\nb');
    pasting.answer(null);
    pasting.answer(answer('as-is'));
    expect(sent).toEqual([]);
  });

  it('sends the form the person chose', () => {
    const { pasting, sent } = setUp();
    for (const form of ['clean', 'one-line', 'as-is'] as const) {
      pasting.paste('a\u0001\nb\n');
      pasting.answer(answer(form));
    }
    expect(sent).toEqual(['a\rb\r', 'a b', 'a\u0001\rb\r']);
  });

  it('does not ask again for this terminal when told so', () => {
    const { pasting, sent, asked } = setUp();
    pasting.paste('a\nb');
    pasting.answer(answer('clean', true));
    pasting.paste('c\nd');
    expect(sent).toEqual(['a\rb', 'c\rd']);
    expect(asked).toHaveLength(2);
  });

  it('does not remember a no', () => {
    const { pasting, asked } = setUp();
    pasting.paste('a\nb');
    pasting.answer(null);
    pasting.paste('a\nb');
    expect(asked).toHaveLength(3);
  });

  it('switched off still cannot be tricked out of a bracket', () => {
    const { pasting, sent } = setUp({ guarded: false, bracketed: true });
    pasting.paste('a\u001b[201~\nb');
    expect(sent).toEqual(['\u001b[200~a[201~\rb\u001b[201~']);
  });

  it('asks nothing where nothing can be typed', () => {
    const { pasting, sent, asked } = setUp({ taken: false });
    pasting.paste('a\nb');
    expect([sent, asked]).toEqual([[], []]);
  });

  it('refuses what is too much for a terminal', () => {
    const { pasting, sent, refused } = setUp();
    pasting.paste('x'.repeat(1024 * 1024 + 1));
    expect(sent).toEqual([]);
    expect(refused).toHaveLength(1);
  });
});
