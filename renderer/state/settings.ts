/** The settings as they are now; the defaults until they were told. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import { settings as settingsSchema, type Settings } from '../../protocol/bridge/settings.ts';
import { follow } from './follow.ts';

export interface KnownSettings {
  readonly known: boolean;
  readonly settings: Settings;
}
export type SettingsStore = StoreApi<KnownSettings>;

export function createSettingsStore(bridge: Pick<Bridge, 'on'>, signal: AbortSignal): SettingsStore {
  const store = createStore<KnownSettings>(() => ({ known: false, settings: settingsSchema.parse({}) }));
  follow(bridge, 'settings.changed', signal, (settings) => store.setState({ known: true, settings }));
  return store;
}
