/** The person's settings: the present ones, and changes to any part of them. */
import type { Settings, SettingsPatch } from '../../../protocol/bridge/settings.ts';
import { variable, type Watched } from '../variable.ts';
import type { ProfileFile } from './profile-file.ts';

export interface Preferences {
  readonly settings: Watched<Settings>;
  update(patch: Patch): void;
}
type Patch = { readonly [Section in keyof SettingsPatch]: SettingsPatch[Section] };

export function createPreferences(file: Pick<ProfileFile, 'stored' | 'change'>): Preferences {
  const settings = variable(file.stored.settings);
  return {
    settings,
    update(patch) {
      settings.set(merged(settings.value, patch));
      file.change({ settings: settings.value });
    },
  };
}

/** What the patch leaves out stays. Shortcuts are one value: the whole record is replaced. */
function merged(settings: Settings, patch: Patch): Settings {
  return {
    appearance: overlaid(settings.appearance, patch.appearance),
    terminal: overlaid(settings.terminal, patch.terminal),
    shortcuts: patch.shortcuts ?? settings.shortcuts,
    network: overlaid(settings.network, patch.network),
    notifications: overlaid(settings.notifications, patch.notifications),
  };
}

type Partly<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** `undefined` in a patch means left out, as JSON would have it. */
function overlaid<T extends object>(section: T, patch: Partly<T> | undefined): T {
  const given = Object.entries(patch ?? {}).filter(([, value]) => value !== undefined);
  return { ...section, ...Object.fromEntries(given) };
}
