/** Hands the stores and the bridge to what is drawn. */
import { createContext, use, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { Account } from '../../protocol/bridge/events.ts';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { Settings } from '../../protocol/bridge/settings.ts';
import { activeAccount, type Accounts } from './accounts.ts';
import type { Connection } from './connection.ts';
import type { Layout } from './layout.ts';
import type { Machines } from './machines.ts';
import type { Notices } from './notices.ts';
import type { Sessions } from './sessions.ts';
import type { SigningIn } from './sign-in.ts';
import type { Stores } from './stores.ts';
import type { Terminals } from './terminals.ts';
import type { ThisWorkstation } from './workstation.ts';

interface Given {
  readonly bridge: Bridge;
  readonly stores: Stores;
}
const StateContext = createContext<Given | null>(null);

export function StateProvider({ bridge, stores, children }: Given & { readonly children: ReactNode }) {
  return <StateContext value={{ bridge, stores }}>{children}</StateContext>;
}

function useGiven(): Given {
  const given = use(StateContext);
  if (!given) throw new Error('outside of StateProvider');
  return given;
}

export const useBridge = (): Bridge => useGiven().bridge;
export const useStores = (): Stores => useGiven().stores;

type Select<S, T> = (state: S) => T;
export const useAccounts = <T,>(select: Select<Accounts, T>): T => useStore(useStores().accounts, select);
export const useSignIn = <T,>(select: Select<SigningIn, T>): T => useStore(useStores().signIn, select);
export const useMachines = <T,>(select: Select<Machines, T>): T => useStore(useStores().machines, select);
export const useSessions = <T,>(select: Select<Sessions, T>): T => useStore(useStores().sessions, select);
export const useTerminals = <T,>(select: Select<Terminals, T>): T => useStore(useStores().terminals, select);
export const useWorkstation = <T,>(select: Select<ThisWorkstation, T>): T => useStore(useStores().workstation, select);
export const useNotices = <T,>(select: Select<Notices, T>): T => useStore(useStores().notices, select);
export const useConnection = <T,>(select: Select<Connection, T>): T => useStore(useStores().connection, select);
export const useLayout = <T,>(select: Select<Layout, T>): T => useStore(useStores().layout, select);
export const useSettings = <T,>(select: Select<Settings, T>): T =>
  useStore(useStores().settings, (state) => select(state.settings));

/** The account that is looked at. */
export const useActiveAccount = (): Account | undefined => useAccounts(activeAccount);

/** The time, in steps: for what is counted down. */
export const useNow = (stepMs: number): number =>
  useStore(useStores().clock, ({ now }) => Math.floor(now / stepMs) * stepMs);

/** What is said of a time, such as "5 min ago": drawn anew when the words change, not each second. */
export const useTime = <T extends string | number>(say: (now: number) => T): T =>
  useStore(useStores().clock, ({ now }) => say(now));
