/** Live sessions as the window knows them, per account. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../../protocol/api/terminals.ts';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { EventOf } from '../../protocol/bridge/events.ts';
import { follow } from './follow.ts';
import { applyDelta, unknownList, type KeyedList, type Keying } from './keyed-list.ts';

export type SessionList = KeyedList<Session>;
export interface Sessions {
  readonly byAccount: ReadonlyMap<string, SessionList>;
}
export type SessionsStore = StoreApi<Sessions>;
const initial: Sessions = { byAccount: new Map() };

/** The newest first. ISO times in UTC are in order as text. */
const keying: Keying<Session> = {
  idOf: (session) => session.session_id,
  compare: (a, b) => {
    if (a.started_at !== b.started_at) return a.started_at > b.started_at ? -1 : 1;
    return a.session_id < b.session_id ? -1 : a.session_id > b.session_id ? 1 : 0;
  },
};

export const sessionsOf = (state: Sessions, account: string | undefined): SessionList =>
  (account === undefined ? undefined : state.byAccount.get(account)) ?? unknownList();

/** A session that is closed is not live: it is taken out, whether it was told as removed or as changed. */
export function sessionsTold(state: Sessions, event: EventOf<'sessions.changed'>): Sessions {
  const live = event.changed.filter((session) => session.status === 'active');
  const over = event.changed.filter((session) => session.status !== 'active').map((session) => session.session_id);
  const delta = { ...event, changed: live, removed: [...event.removed, ...over] };
  const list = applyDelta(sessionsOf(state, event.account), delta, keying);
  return { byAccount: new Map(state.byAccount).set(event.account, list) };
}

export const accountsKept = (state: Sessions, accounts: readonly { readonly account: string }[]): Sessions => ({
  byAccount: new Map([...state.byAccount].filter(([id]) => accounts.some(({ account }) => account === id))),
});

export function createSessionsStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): SessionsStore {
  const store = createStore(() => initial);
  follow(bridge, 'sessions.changed', signal, (event) => store.setState((state) => sessionsTold(state, event)));
  follow(bridge, 'accounts.changed', signal, (event) => store.setState((state) => accountsKept(state, event.accounts)));
  return store;
}
