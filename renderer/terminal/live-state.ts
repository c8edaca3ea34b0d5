/** What of a terminal the person is shown around its screen. Small: no bytes of the session, nothing that can be derived. */
import type { AttachMode } from '../../protocol/wire/control.ts';
import type { PendingPaste } from './pasting.ts';
import type { SearchResult } from './search.ts';

/** Input the shell has not taken yet. `ask`: it is old, the person decides. */
export interface Kept {
  readonly bytes: number;
  readonly preview: string;
  readonly ask: boolean;
}

export interface LiveState {
  /** The port to the main process: `lost` is being opened again, `gone` is given up. */
  readonly port: 'opening' | 'ready' | 'lost' | 'gone';
  /** Who types here; null until the session said it. */
  readonly mode: AttachMode | null;
  readonly kept: Kept | null;
  /** Typed while there was no port, too long ago: gone. Bytes. */
  readonly discarded: number;
  readonly paste: PendingPaste | null;
  /** Text a program wants to put on the clipboard. */
  readonly clipboard: string | null;
  readonly linkTarget: string | null;
  /** How often it was asked for since the search bar is open; 0 while that is closed. */
  readonly finding: number;
  readonly found: SearchResult;
  /** Counts bells, and keys typed where nothing can be typed. */
  readonly bells: number;
  readonly refusedKeys: number;
}

export const INITIAL: LiveState = {
  port: 'opening',
  mode: null,
  kept: null,
  discarded: 0,
  paste: null,
  clipboard: null,
  linkTarget: null,
  finding: 0,
  found: { at: 'nothing-asked' },
  bells: 0,
  refusedKeys: 0,
};
