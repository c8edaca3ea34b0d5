/** What becomes of data the emulator gives that is no answer to a query: keys, mouse, focus. */
import type { TerminalState } from '../../protocol/bridge/events.ts';
import type { AttachMode } from '../../protocol/wire/control.ts';

/**
 * `input` is typed, and kept over a cut. `reply` is worth nothing when late. `refused`: nobody takes it, and the person should
 * see why.
 */
export type Fate = 'input' | 'reply' | 'dropped' | 'refused';

export interface Standing {
  readonly state: TerminalState['at'];
  /** Who typed here last; null before the first attachment. */
  readonly mode: AttachMode | null;
  /** Bytes flow now, both ways. */
  readonly attached: boolean;
}

export function fateOf(data: string, at: Standing): Fate {
  const live = at.attached && at.mode === 'control' && !isOver(at.state);
  if (isFocusReport(data)) return live ? 'reply' : 'dropped';
  // What is clicked on a screen that is not the present one would hit something else.
  if (isMouseReport(data)) return live ? 'input' : 'dropped';
  return takesKeys(at) ? 'input' : 'refused';
}

/** Whether what is typed goes to the session, now or when it is attached again. */
export const takesKeys = (at: Standing): boolean => at.mode !== 'view' && !isOver(at.state);

/** Whether there is no session any more that could take anything. */
export function isOver(at: TerminalState['at']): boolean {
  switch (at) {
    case 'ended':
    case 'failed':
    case 'closing':
      return true;
    case 'opening':
    case 'attached':
    case 'reconnecting':
    case 'machine-away':
      return false;
  }
}

const isFocusReport = (data: string): boolean => data === '\u001b[I' || data === '\u001b[O';
/** No key gives these. */
const isMouseReport = (data: string): boolean => data.startsWith('\u001b[<') || data.startsWith('\u001b[M');
