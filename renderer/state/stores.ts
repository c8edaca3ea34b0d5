/** All that the window knows, one store for each matter. */
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import { createAccountsStore, type AccountsStore } from './accounts.ts';
import { createClock, type ClockStore } from './clock.ts';
import { createConnectionStore, type ConnectionStore } from './connection.ts';
import { createLayoutStore, type LayoutStore } from './layout.ts';
import { createMachinesStore, type MachinesStore } from './machines.ts';
import { createNoticesStore, type NoticesStore } from './notices.ts';
import { createSessionsStore, type SessionsStore } from './sessions.ts';
import { createSettingsStore, type SettingsStore } from './settings.ts';
import { createSignInStore, type SignInStore } from './sign-in.ts';
import { createTerminalsStore, type TerminalsStore } from './terminals.ts';
import { createWorkstationStore, type WorkstationStore } from './workstation.ts';

export interface Stores {
  readonly accounts: AccountsStore;
  readonly signIn: SignInStore;
  readonly machines: MachinesStore;
  readonly sessions: SessionsStore;
  readonly terminals: TerminalsStore;
  readonly workstation: WorkstationStore;
  readonly settings: SettingsStore;
  readonly notices: NoticesStore;
  readonly layout: LayoutStore;
  readonly connection: ConnectionStore;
  readonly clock: ClockStore;
}

export function createStores(bridge: Bridge, now: () => number, signal: AbortSignal): Stores {
  return {
    accounts: createAccountsStore(bridge, signal),
    signIn: createSignInStore(bridge, signal),
    machines: createMachinesStore(bridge, signal),
    sessions: createSessionsStore(bridge, signal),
    terminals: createTerminalsStore(bridge, signal),
    workstation: createWorkstationStore(bridge, signal),
    settings: createSettingsStore(bridge, signal),
    notices: createNoticesStore(bridge, signal),
    layout: createLayoutStore(bridge, signal),
    connection: createConnectionStore(bridge, signal),
    clock: createClock(now, signal),
  };
}
