/** This computer as a machine: null until it was told. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AgentSession } from '../../protocol/agent/status.ts';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { Workstation } from '../../protocol/bridge/events.ts';
import { follow } from './follow.ts';

export interface ThisWorkstation {
  readonly workstation: Workstation | null;
}
export type WorkstationStore = StoreApi<ThisWorkstation>;
const initial: ThisWorkstation = { workstation: null };
const nobody: readonly AgentSession[] = [];

/** Who is on this computer now. */
export const presentOn = (state: ThisWorkstation): readonly AgentSession[] =>
  state.workstation?.status?.sessions ?? nobody;

export function createWorkstationStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): WorkstationStore {
  const store = createStore(() => initial);
  follow(bridge, 'workstation.changed', signal, (workstation) => store.setState({ workstation }));
  return store;
}
