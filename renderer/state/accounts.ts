/** Who is signed in where, and which account is looked at. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { Account, EventOf } from '../../protocol/bridge/events.ts';
import { follow } from './follow.ts';

export interface Accounts {
  /** Whether the accounts were told yet. */
  readonly known: boolean;
  readonly active: string | null;
  /** Where somebody signed in last: what the form starts with. */
  readonly lastAddress: string;
  readonly accounts: readonly Account[];
}
export type AccountsStore = StoreApi<Accounts>;
const initial: Accounts = { known: false, active: null, lastAddress: '', accounts: [] };

export const accountsTold = (event: EventOf<'accounts.changed'>): Accounts => ({
  known: true,
  active: event.active,
  lastAddress: event.last_address,
  accounts: event.accounts,
});

export const accountOf = (state: Accounts, id: string | null): Account | undefined =>
  state.accounts.find((account) => account.account === id);

/** The account that is looked at: the active one, else the first there is. */
export const activeAccount = (state: Accounts): Account | undefined =>
  accountOf(state, state.active) ?? state.accounts[0];

export function createAccountsStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): AccountsStore {
  const store = createStore(() => initial);
  follow(bridge, 'accounts.changed', signal, (event) => store.setState(accountsTold(event)));
  return store;
}
