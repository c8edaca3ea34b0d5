/** The machines as the window knows them, per account. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Machine } from '../../protocol/api/machines.ts';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { EventOf } from '../../protocol/bridge/events.ts';
import { follow } from './follow.ts';
import { applyDelta, unknownList, type KeyedList, type Keying } from './keyed-list.ts';

export type MachineList = KeyedList<Machine>;
export interface Machines {
  readonly byAccount: ReadonlyMap<string, MachineList>;
}
export type MachinesStore = StoreApi<Machines>;
const initial: Machines = { byAccount: new Map() };

/** Names as people count: `web-2` before `web-10`. */
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const keying: Keying<Machine> = {
  idOf: (machine) => machine.agent_id,
  compare: (a, b) => byName.compare(a.name, b.name) || (a.agent_id < b.agent_id ? -1 : a.agent_id > b.agent_id ? 1 : 0),
};

export const machinesOf = (state: Machines, account: string | undefined): MachineList =>
  (account === undefined ? undefined : state.byAccount.get(account)) ?? unknownList();

export const machineOf = (state: Machines, account: string, agentId: string): Machine | undefined =>
  state.byAccount.get(account)?.byId.get(agentId);

export const machinesTold = (state: Machines, event: EventOf<'machines.changed'>): Machines => ({
  byAccount: new Map(state.byAccount).set(event.account, applyDelta(machinesOf(state, event.account), event, keying)),
});

/** Forgets the machines of accounts that are signed out. */
export const accountsKept = (state: Machines, accounts: readonly { readonly account: string }[]): Machines => ({
  byAccount: new Map([...state.byAccount].filter(([id]) => accounts.some(({ account }) => account === id))),
});

export function createMachinesStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): MachinesStore {
  const store = createStore(() => initial);
  follow(bridge, 'machines.changed', signal, (event) => store.setState((state) => machinesTold(state, event)));
  follow(bridge, 'accounts.changed', signal, (event) => store.setState((state) => accountsKept(state, event.accounts)));
  return store;
}
