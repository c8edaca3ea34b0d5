/** What is known of each terminal beside its bytes, which are in no store. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { Terminal, TerminalState } from '../../protocol/bridge/events.ts';
import { follow } from './follow.ts';

export interface Terminals {
  readonly known: boolean;
  readonly byId: ReadonlyMap<string, Terminal>;
}
export type TerminalsStore = StoreApi<Terminals>;
const initial: Terminals = { known: false, byId: new Map() };

export const terminalsTold = (terminals: readonly Terminal[]): Terminals => ({
  known: true,
  byId: new Map(terminals.map((terminal) => [terminal.terminal, terminal])),
});

/** Whether its session still runs somewhere. */
export function isLive(state: TerminalState): boolean {
  switch (state.at) {
    case 'opening':
    case 'attached':
    case 'reconnecting':
    case 'machine-away':
      return true;
    case 'ended':
    case 'failed':
    case 'closing':
      return false;
  }
}

export const liveCount = (state: Terminals): number =>
  [...state.byId.values()].filter((terminal) => isLive(terminal.state)).length;

/** The terminal of this window that has a session open, if one has. */
export const terminalOfSession = (state: Terminals, sessionId: string): Terminal | undefined =>
  [...state.byId.values()].find((terminal) => terminal.session_id === sessionId && terminal.state.at !== 'closing');

export function createTerminalsStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): TerminalsStore {
  const store = createStore(() => initial);
  follow(bridge, 'terminals.changed', signal, (terminals) => store.setState(terminalsTold(terminals)));
  return store;
}
