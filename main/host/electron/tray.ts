/** The icon in the tray. It hears of the core what a window hears, over a connection of its own. */
import type { MenuItemConstructorOptions } from 'electron';
import { events } from '../../../protocol/bridge/events.ts';
import type { MainMessage } from '../../../protocol/bridge/messages.ts';
import type { ConnectWindow } from '../host.ts';
import { trayLines, trayMenu, visitorsOf, type TrayState, type TrayWishes } from './tray-view.ts';

/** What is used of Electron's Tray. */
export interface TrayIcon {
  setImage(file: string): void;
  setToolTip(text: string): void;
  setMenu(items: MenuItemConstructorOptions[]): void;
}
export interface TrayParts {
  readonly icon: TrayIcon;
  /** `visited`: somebody is on this computer. */
  readonly images: { readonly quiet: string; readonly visited: string };
  readonly connectWindow: ConnectWindow;
  readonly wishes: Omit<TrayWishes, 'endSession'>;
}

/** @param signal ends it */
export function keepTray({ icon, images, connectWindow, wishes }: TrayParts, signal: AbortSignal): void {
  let state: TrayState = { accounts: null, workstation: null };
  let calls = 0;
  const endSession = (session_id: string) => {
    connection.receive({ type: 'call', id: calls++, name: 'workstation.end-session', input: { session_id } });
  };
  const connection = connectWindow((message) => {
    const next = afterMessage(state, message);
    if (next === state) return;
    state = next;
    icon.setImage(visitorsOf(state).length > 0 ? images.visited : images.quiet);
    icon.setToolTip(['WebXTerm', ...trayLines(state)].join('\n'));
    icon.setMenu(trayMenu(state, { ...wishes, endSession }));
  });
  for (const name of ['accounts.changed', 'workstation.changed']) connection.receive({ type: 'subscribe', name });
  signal.addEventListener(
    'abort',
    () => {
      connection.close();
    },
    { once: true },
  );
}

function afterMessage(state: TrayState, message: MainMessage): TrayState {
  if (message.type !== 'event') return state;
  if (message.name === 'accounts.changed')
    return { ...state, accounts: events['accounts.changed'].parse(message.event) };
  if (message.name === 'workstation.changed')
    return { ...state, workstation: events['workstation.changed'].parse(message.event) };
  return state;
}
