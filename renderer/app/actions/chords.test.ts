import { describe, expect, it } from 'vitest';
import { canonical, type KeyPress } from '../../ui/chord.ts';
import { actions } from './catalogue.ts';
import { actionFor, chordTable, chordsOf, shownChord } from './chords.ts';

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
});
const ctrlK = press('k', 'KeyK', { ctrlKey: true });
const ctrlShift = (letter: string) => press(letter, `Key${letter}`, { ctrlKey: true, shiftKey: true });
const table = chordTable({}, 'other');

describe('the keys of an action', () => {
  it('are its defaults, the Mac’s own on a Mac', () => {
    const close = actions.find(({ id }) => id === 'tab.close');
    expect(close && chordsOf(close, {}, 'other')).toEqual(['Ctrl+Shift+W']);
    expect(close && chordsOf(close, {}, 'mac')).toEqual(['Mod+W']);
  });
  it('are what the person chose, and none when they took them away', () => {
    expect(shownChord('tab.close', { 'tab.close': 'Alt+X' }, 'other')).toBe('Alt+X');
    expect(shownChord('tab.close', { 'tab.close': '' }, 'other')).toBe('');
    expect(actionFor(ctrlShift('W'), chordTable({ 'tab.close': '' }, 'other'), 'elsewhere')).toBeNull();
  });
  it.each(['mac', 'other'] as const)('are not those of another action in the same place (%s)', (platform) => {
    for (const [chord, same] of chordTable({}, platform)) {
      expect({ chord, ids: same.map(({ id }) => id) }).toEqual({ chord, ids: [same[0]?.id] });
    }
  });
  it('reach the palette, the machines and the tabs from inside a terminal too', () => {
    for (const id of ['palette.open', 'page.machines', 'tab.close', 'tab.next', 'tab.duplicate'] as const) {
      const action = actions.find((each) => each.id === id);
      const usable = action && chordsOf(action, {}, 'other').filter((chord) => canonical(chord, 'other').includes('+'));
      expect(usable?.length, id).toBeGreaterThan(0);
    }
    expect(actionFor(ctrlShift('P'), table, 'terminal')).toBe('palette.open');
  });
});

describe('pressing keys', () => {
  it('opens the palette outside of a terminal, and leaves Ctrl+K to the shell inside of one', () => {
    expect(actionFor(ctrlK, table, 'elsewhere')).toBe('palette.open');
    expect(actionFor(ctrlK, table, 'text')).toBe('palette.open');
    expect(actionFor(ctrlK, table, 'terminal')).toBeNull();
  });
  it('never takes from a terminal what the person gave a chord of the shell', () => {
    const chosen = chordTable({ 'tab.close': 'Ctrl+W' }, 'other');
    expect(actionFor(press('w', 'KeyW', { ctrlKey: true }), chosen, 'terminal')).toBeNull();
    expect(actionFor(press('w', 'KeyW', { ctrlKey: true }), chosen, 'elsewhere')).toBe('tab.close');
  });
  it('copies from a terminal only where the focus is in one', () => {
    expect(actionFor(ctrlShift('C'), table, 'terminal')).toBe('terminal.copy');
    expect(actionFor(ctrlShift('C'), table, 'text')).toBeNull();
  });
  it.each([ctrlShift('V'), press('Insert', 'Insert', { shiftKey: true })])(
    'leaves pasting to the browser for its own keys (paste guard with holes): %o',
    (keys) => expect(actionFor(keys, table, 'terminal')).toBeNull(),
  );
  it('pastes itself for keys the person chose', () => {
    const chosen = chordTable({ 'terminal.paste': 'Ctrl+Shift+Y' }, 'other');
    expect(actionFor(ctrlShift('Y'), chosen, 'terminal')).toBe('terminal.paste');
  });
  it('leaves text fields their own keys', () => {
    expect(actionFor(ctrlShift('Z'), table, 'text')).toBeNull();
    expect(actionFor(ctrlShift('Z'), table, 'terminal')).toBe('tab.reopen');
    const chosen = chordTable({ 'page.sessions': 'S' }, 'other');
    expect(actionFor(press('s', 'KeyS'), chosen, 'text')).toBeNull();
    expect(actionFor(press('s', 'KeyS'), chosen, 'elsewhere')).toBe('page.sessions');
  });
});
