/** The actions that the terminal of the active tab does, by their names there. */
import type { TerminalAction } from '../../terminal/terminal-handle.ts';
import type { Platform } from '../../ui/chord.ts';
import type { ActionId } from './catalogue.ts';
import { shownChord, type ChosenChords } from './chords.ts';

export const terminalActions = {
  'terminal.copy': 'copy',
  'terminal.paste': 'paste',
  'terminal.select-all': 'select-all',
  'terminal.find': 'find',
  'terminal.find-next': 'find-next',
  'terminal.find-previous': 'find-previous',
  'terminal.zoom-in': 'zoom-in',
  'terminal.zoom-out': 'zoom-out',
  'terminal.zoom-reset': 'zoom-reset',
  'terminal.clear': 'clear',
  'terminal.scroll-to-top': 'scroll-to-top',
  'terminal.scroll-to-bottom': 'scroll-to-bottom',
  'terminal.take-control': 'take-control',
  'terminal.retry': 'retry',
} as const satisfies Partial<Record<ActionId, TerminalAction>>;
export type InTerminal = keyof typeof terminalActions;
export const isInTerminal = (action: ActionId): action is InTerminal => Object.hasOwn(terminalActions, action);

/** The keys of each, as the menu of a terminal shows them. */
export function terminalChords(chosen: ChosenChords, platform: Platform): Readonly<Record<TerminalAction, string>> {
  const chord = (action: InTerminal) => shownChord(action, chosen, platform);
  return {
    copy: chord('terminal.copy'),
    paste: chord('terminal.paste'),
    'select-all': chord('terminal.select-all'),
    find: chord('terminal.find'),
    'find-next': chord('terminal.find-next'),
    'find-previous': chord('terminal.find-previous'),
    'zoom-in': chord('terminal.zoom-in'),
    'zoom-out': chord('terminal.zoom-out'),
    'zoom-reset': chord('terminal.zoom-reset'),
    clear: chord('terminal.clear'),
    'scroll-to-top': chord('terminal.scroll-to-top'),
    'scroll-to-bottom': chord('terminal.scroll-to-bottom'),
    'take-control': chord('terminal.take-control'),
    retry: chord('terminal.retry'),
  };
}
