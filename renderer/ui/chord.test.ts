import { describe, expect, it } from 'vitest';
import { belongsToShell, canonical, chordOf, shown, type KeyPress } from './chord.ts';

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});

describe('a chord read from the keyboard', () => {
  it('is the letter with its modifiers, whatever case Shift makes of it', () => {
    expect(chordOf(press('C', 'KeyC', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+C');
    expect(chordOf(press('c', 'KeyC', { ctrlKey: true }))).toBe('Ctrl+C');
  });
  it('is found by its place on a keyboard that writes no Latin letters', () => {
    expect(chordOf(press('с', 'KeyC', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+C');
  });
  it('follows the letters of the layout, not their places, where they are Latin', () => {
    expect(chordOf(press('a', 'KeyQ', { ctrlKey: true }))).toBe('Ctrl+A');
  });
  it('names digits and signs by their key, so that Shift does not rename them', () => {
    expect(chordOf(press('+', 'Equal', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+=');
    expect(chordOf(press('!', 'Digit1', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+1');
  });
  it('is nothing yet while only modifiers are held', () => {
    expect(chordOf(press('Shift', 'ShiftLeft', { shiftKey: true }))).toBeNull();
  });
});

describe('a chord as text', () => {
  it('has one form, whatever the order it was written in', () => {
    expect(canonical('Shift+Mod+k', 'other')).toBe('Ctrl+Shift+K');
    expect(canonical('Mod+Shift+K', 'mac')).toBe('Shift+Meta+K');
  });
  it('keeps an empty one empty: the shortcut was taken away', () => {
    expect(canonical('', 'other')).toBe('');
  });
  it('is shown the way each system writes it', () => {
    expect(shown('Mod+Shift+P', 'other')).toBe('Ctrl+Shift+P');
    expect(shown('Mod+Shift+P', 'mac')).toBe('⇧⌘P');
    expect(shown('Ctrl+PageDown', 'other')).toBe('Ctrl+PgDn');
  });
});

describe('what terminals need', () => {
  it.each([
    'Ctrl+C',
    'Ctrl+K',
    'Ctrl+B',
    'Ctrl+Space',
    'Ctrl+\\',
    'Ctrl+Shift+-',
    'Alt+F',
    'Alt+Shift+F',
    'F2',
    'Escape',
  ])('leaves %s to the shell', (chord) => expect(belongsToShell(chord)).toBe(true));
  it.each(['Ctrl+Shift+C', 'Ctrl+,', 'Ctrl+=', 'Ctrl+PageDown', 'Ctrl+Tab', 'Meta+C', 'Shift+Meta+P'])(
    'may take %s, which no shell reads',
    (chord) => expect(belongsToShell(chord)).toBe(false),
  );
});
