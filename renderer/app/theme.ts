/** Light or dark, as the setting and the system say; and how dense. */
import { useEffect, useSyncExternalStore } from 'react';
import type { Settings } from '../../protocol/bridge/settings.ts';
import { useSettings } from '../state/context.tsx';

export type ShownTheme = 'light' | 'dark';

const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const subscribe = (changed: () => void) => {
  systemDark.addEventListener('change', changed);
  return () => systemDark.removeEventListener('change', changed);
};

/** What a theme of the settings is on the screen now. */
export function shownTheme(theme: Settings['appearance']['theme']): ShownTheme {
  if (theme !== 'system') return theme;
  return systemDark.matches ? 'dark' : 'light';
}

export function useShownTheme(): ShownTheme {
  const theme = useSettings((settings) => settings.appearance.theme);
  return useSyncExternalStore(subscribe, () => shownTheme(theme));
}

/** Puts theme and density on the document, where the tokens read them. */
export function useAppearance(): void {
  const theme = useShownTheme();
  const density = useSettings((settings) => settings.appearance.density);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.dataset['density'] = density;
  }, [theme, density]);
}
