/** Whether the main process is there. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';

export interface Connection {
  readonly connected: boolean;
}
export type ConnectionStore = StoreApi<Connection>;

export function createConnectionStore(bridge: Pick<Bridge, 'onConnection'>, signal: AbortSignal): ConnectionStore {
  const store = createStore<Connection>(() => ({ connected: true }));
  const stop = bridge.onConnection((connected) => store.setState({ connected }));
  signal.addEventListener('abort', stop, { once: true });
  return store;
}
