/** What the app has to say about itself until somebody reads it: a missing keychain, settings that could not be read. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { Notice } from '../../protocol/bridge/events.ts';
import { follow } from './follow.ts';

export interface Notices {
  readonly notices: readonly Notice[];
}
export type NoticesStore = StoreApi<Notices>;

export function createNoticesStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): NoticesStore {
  const store = createStore<Notices>(() => ({ notices: [] }));
  follow(bridge, 'notices.changed', signal, (notices) => store.setState({ notices }));
  return store;
}
