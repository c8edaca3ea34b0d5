/** The part of the settings page that was asked for last; a new object goes there again. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingsSection } from '../settings/settings-section.ts';

export interface Target {
  readonly goTo: { readonly section: SettingsSection } | null;
}
export type SettingsTarget = StoreApi<Target>;
export const createSettingsTarget = (): SettingsTarget => createStore<Target>(() => ({ goTo: null }));
