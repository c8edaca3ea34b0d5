/** Which host shows the window: what was asked for, else Electron where it can run, else a browser. */
import type { DesktopOptions } from './command-line.ts';

export type HostChoice =
  | { readonly host: 'browser' }
  | { readonly host: 'electron'; readonly binary: string }
  | { readonly host: null; readonly code: 'electron-missing' | 'electron-as-root' };

export interface Circumstances {
  /** Electron's program, null when it is not installed. */
  readonly electron: string | null;
  /** Chromium, of which Electron is made, keeps its sandbox from root; Electron without it is not offered. */
  readonly isRoot: boolean;
  readonly hasDisplay: boolean;
}

export function chooseHost(
  { host, open }: Pick<DesktopOptions, 'host' | 'open'>,
  { electron, isRoot, hasDisplay }: Circumstances,
): HostChoice {
  if (host === 'browser') return { host };
  if (host === 'electron') {
    if (electron === null) return { host: null, code: 'electron-missing' };
    return isRoot ? { host: null, code: 'electron-as-root' } : { host, binary: electron };
  }
  const fits = electron !== null && !isRoot && hasDisplay && open;
  return fits ? { host: 'electron', binary: electron } : { host: 'browser' };
}
