/** What the tray shows of the desktop's state. */
import type { MenuItemConstructorOptions } from 'electron';
import { hostActions } from '../../../protocol/bridge/actions.ts';
import type { EventOf } from '../../../protocol/bridge/events.ts';

export interface TrayState {
  readonly accounts: EventOf<'accounts.changed'> | null;
  readonly workstation: EventOf<'workstation.changed'> | null;
}
export interface TrayWishes {
  readonly openWindow: () => void;
  readonly request: (action: string) => void;
  readonly endSession: (sessionId: string) => void;
  readonly quit: () => void;
}

/** Sessions of others, and of this person, on this computer. */
export const visitorsOf = ({ workstation }: TrayState) => workstation?.status?.sessions ?? [];

/** One line each for the connection, the agent and those who are here. */
export function trayLines(state: TrayState): string[] {
  const connection = connectionLine(state.accounts);
  const agent = agentLine(state.workstation);
  return [connection, ...(agent === null ? [] : [agent])];
}

export function trayMenu(state: TrayState, wishes: TrayWishes): MenuItemConstructorOptions[] {
  const { openWindow, request, endSession, quit } = wishes;
  const visitors = visitorsOf(state).map(({ username, session_id }): MenuItemConstructorOptions => ({
    label: `End ${username}’s session`,
    click: () => {
      endSession(session_id);
    },
  }));
  return [
    ...trayLines(state).map((label) => ({ label, enabled: false })),
    { type: 'separator' },
    ...visitors,
    { label: 'Open WebXTerm', click: openWindow },
    {
      label: 'This workstation',
      click: () => {
        openWindow();
        request(hostActions.page('workstation'));
      },
    },
    { type: 'separator' },
    { label: 'Quit', click: quit },
  ];
}

function connectionLine(accounts: TrayState['accounts']): string {
  const active = accounts?.accounts.find(({ account }) => account === accounts.active);
  if (!active) return 'Not signed in';
  switch (active.state) {
    case 'online':
      return `Connected to ${active.address}`;
    case 'connecting':
      return `Connecting to ${active.address}`;
    case 'offline':
      return `No connection to ${active.address}`;
    case 'expired':
      return `Sign in again to ${active.address}`;
  }
}

function agentLine(workstation: TrayState['workstation']): string | null {
  const visitors = workstation?.status?.sessions ?? [];
  if (visitors.length > 0) return `On this computer: ${visitors.map(({ username }) => username).join(', ')}`;
  switch (workstation?.state) {
    case undefined:
    case 'off':
      return null;
    case 'running':
      return 'This computer can be reached';
    case 'stopped':
      return 'This computer’s agent is stopped';
    case 'registering':
    case 'starting':
      return 'This computer’s agent starts';
    case 'leaving':
      return 'This computer’s agent leaves';
  }
}
