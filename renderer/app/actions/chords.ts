/** Which keys do which action: the defaults, and what the person put in their place. Pure. */
import { belongsToShell, canonical, chordOf, shown, type KeyPress, type Platform } from '../../ui/chord.ts';
import { actions, type ActionId, type ActionInfo } from './catalogue.ts';

/** As kept in the settings: several chords are separated by a space, none is an empty text. */
export type ChosenChords = Readonly<Record<string, string>>;

const defaultsOf = (action: ActionInfo, platform: Platform): readonly string[] =>
  platform === 'mac' ? (action.macChords ?? action.chords) : action.chords;

export function chordsOf(action: ActionInfo, chosen: ChosenChords, platform: Platform): readonly string[] {
  const own = chosen[action.id];
  return own === undefined ? defaultsOf(action, platform) : own.split(' ').filter(Boolean);
}

interface Bound {
  readonly id: ActionId;
  readonly only: ActionInfo['only'];
}
export type ChordTable = ReadonlyMap<string, readonly Bound[]>;

/** Every chord with what it does; two actions may have the same one in different places. */
export function chordTable(chosen: ChosenChords, platform: Platform): ChordTable {
  const table = new Map<string, Bound[]>();
  for (const action of actions) {
    const info: ActionInfo = action;
    const bound: Bound = { id: action.id, only: info.only };
    for (const written of chordsOf(info, chosen, platform)) {
      const chord = canonical(written, platform);
      table.set(chord, [...(table.get(chord) ?? []), bound]);
    }
  }
  return table;
}

/** Where the focus is when keys are pressed. */
export type FocusPlace = 'terminal' | 'text' | 'elsewhere';

/** What the browser pastes by itself, with the clipboard's permission that only it has. */
const pastesItself = new Set(['Ctrl+Shift+V', 'Shift+Insert', 'Ctrl+V', 'Meta+V']);

const isPlain = (press: KeyPress) => !press.ctrlKey && !press.metaKey && !press.altKey;

function mayAct({ only }: Bound, press: KeyPress, place: FocusPlace): boolean {
  if (only === 'terminal') return place === 'terminal';
  return place !== 'text' || (only !== 'outside-text' && !isPlain(press));
}

/**
 * What a key press does, if anything. In a terminal no chord is taken that a program there may wait for; in a text field none
 * that edits text; and pasting by the browser's own keys stays the browser's.
 */
export function actionFor(press: KeyPress, table: ChordTable, place: FocusPlace): ActionId | null {
  const chord = chordOf(press);
  if (chord === null || (place === 'terminal' && belongsToShell(chord))) return null;
  const id = table.get(chord)?.find((bound) => mayAct(bound, press, place))?.id ?? null;
  return id === 'terminal.paste' && pastesItself.has(chord) ? null : id;
}

/** The first chord of an action as a person reads it; empty: it has none. */
export function shownChord(id: ActionId, chosen: ChosenChords, platform: Platform): string {
  const action = actions.find((each) => each.id === id);
  const [first] = action ? chordsOf(action, chosen, platform) : [];
  return first === undefined ? '' : shown(first, platform);
}
