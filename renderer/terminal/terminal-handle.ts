/** How the app reaches a terminal that is on the screen. */

/** What the person can have a terminal do, by key, menu or palette. In the app their ids begin with `terminal.`. */
export type TerminalAction =
  | 'copy'
  | 'paste'
  | 'select-all'
  | 'find'
  | 'find-next'
  | 'find-previous'
  | 'zoom-in'
  | 'zoom-out'
  | 'zoom-reset'
  | 'clear'
  | 'scroll-to-top'
  | 'scroll-to-bottom'
  | 'take-control'
  | 'retry';

/** The same object for the life of the component. */
export interface TerminalHandle {
  focus(): void;
  /** One that means nothing now, such as copy without a selection, does nothing. */
  perform(action: TerminalAction): void;
  /** Asked when a menu or the palette opens. */
  can(action: TerminalAction): boolean;
}
