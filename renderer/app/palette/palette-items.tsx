/** Everything the palette finds: machines, sessions, pages, actions, settings, accounts. */
import { Building2, LogIn, Rows3, Settings2, Zap } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { settingsSections } from '../../settings/settings-section.ts';
import {
  useAccounts,
  useActiveAccount,
  useBridge,
  useLayout,
  useMachines,
  useSessions,
  useSettings,
} from '../../state/context.tsx';
import { inOrder } from '../../state/keyed-list.ts';
import type { MachineRef } from '../../state/layout.ts';
import { machinesOf } from '../../state/machines.ts';
import { asWhom, elsewhere } from '../../state/reach.ts';
import { sessionsOf } from '../../state/sessions.ts';
import { StatusDot } from '../../ui/status-dot.tsx';
import { actions } from '../actions/catalogue.ts';
import { shownChord } from '../actions/chords.ts';
import { useServices } from '../services.tsx';
import { useSwitch } from '../use-switch.ts';
import type { Searchable } from './palette-search.ts';

export interface PaletteItem extends Searchable {
  readonly key: string;
  readonly icon: ReactNode;
  readonly hint?: string | undefined;
  readonly chord?: string;
  /** With the command key held, it opens beside what is open. */
  readonly onSelect: (beside: boolean) => void;
}
export interface PaletteGroup {
  readonly title: string;
  readonly items: readonly PaletteItem[];
  /** How many are shown before anything is typed, and of what was found. */
  readonly limit: number;
  readonly searched: number;
}

function useMachineItems(): readonly PaletteItem[] {
  const { dock } = useServices();
  const account = useActiveAccount()?.account ?? '';
  const list = useMachines((state) => machinesOf(state, account));
  const recents = useLayout((state) => state.recents);
  return useMemo(() => {
    const ids = new Set(recents.filter((ref) => ref.account === account).map((ref) => ref.agent_id));
    const all = inOrder(list);
    const recentFirst = [
      ...[...ids].flatMap((id) => list.byId.get(id) ?? []),
      ...all.filter((machine) => !ids.has(machine.agent_id)),
    ];
    return recentFirst.map((machine) => {
      const ref: MachineRef = { account, agent_id: machine.agent_id };
      const online = machine.status === 'online';
      return {
        key: `machine:${machine.agent_id}`,
        title: machine.name,
        words: [machine.hostname, machine.ip_address, machine.os, ...(machine.tags ?? [])].filter(Boolean).join(' '),
        icon: <StatusDot tone={online ? 'good' : 'off'} label={machine.status} />,
        hint: online ? 'Open terminal' : 'Details',
        onSelect: (beside) => (online ? dock.openTerminal(ref, beside ? 'right' : 'tab') : dock.openMachine(ref)),
      };
    });
  }, [list, recents, account, dock]);
}

function useSessionItems(): readonly PaletteItem[] {
  const { dock } = useServices();
  const account = useActiveAccount();
  const list = useSessions((state) => sessionsOf(state, account?.account));
  return useMemo(
    () =>
      inOrder(list)
        .filter((session) => session.user_id === account?.user_id)
        .map((session) => ({
          key: `session:${session.session_id}`,
          title: `Session on ${session.machine_name}`,
          words: session.username,
          icon: <Rows3 />,
          hint: session.attached === false ? 'Detached' : undefined,
          onSelect: () => (account ? dock.openSession(account.account, session) : undefined),
        })),
    [list, account, dock],
  );
}

function useActionItems(): readonly PaletteItem[] {
  const { perform, can, platform } = useServices();
  const chosen = useSettings((settings) => settings.shortcuts);
  return useMemo(
    () =>
      actions
        .filter(({ id }) => id !== 'palette.open' && can(id))
        .map(({ id, title, section }) => ({
          key: `action:${id}`,
          title: section === 'Go to' ? `Go to ${title}` : title,
          words: section,
          icon: <Zap />,
          chord: shownChord(id, chosen, platform),
          onSelect: () => perform(id),
        })),
    [perform, can, platform, chosen],
  );
}

function useSettingItems(): readonly PaletteItem[] {
  const { dock, settingsTarget } = useServices();
  return useMemo(
    () =>
      settingsSections.map(({ id, title }) => ({
        key: `setting:${id}`,
        title: `Settings: ${title}`,
        icon: <Settings2 />,
        onSelect: () => {
          dock.openPage('settings');
          settingsTarget.setState({ goTo: { section: id } });
        },
      })),
    [dock, settingsTarget],
  );
}

function useAccountItems(): readonly PaletteItem[] {
  const bridge = useBridge();
  const active = useActiveAccount();
  const accounts = useAccounts((state) => state.accounts);
  return useMemo(
    () =>
      accounts
        .filter((account) => account.account !== active?.account)
        .map((account) => ({
          key: `account:${account.account}`,
          title: `Switch to ${account.username} · ${account.organization}`,
          words: account.address,
          icon: <LogIn />,
          onSelect: () => void bridge.call('accounts.activate', { account: account.account }),
        })),
    [bridge, accounts, active],
  );
}

function useOrganizationItems(): readonly PaletteItem[] {
  const switchTo = useSwitch();
  const active = useActiveAccount();
  const accounts = useAccounts((state) => state.accounts);
  return useMemo(() => {
    if (!active) return [];
    return elsewhere(accounts, active).map((organization) => ({
      key: `organization:${asWhom(organization)}`,
      title: `Go to ${organization.name}`,
      words: `${organization.tenant_id} organization`,
      icon: <Building2 />,
      hint: asWhom(organization),
      onSelect: () => switchTo(active.account, organization.tenant_id),
    }));
  }, [active, accounts, switchTo]);
}

/** In the order in which they are shown. */
export function usePaletteGroups(): readonly PaletteGroup[] {
  const machines = useMachineItems();
  const sessions = useSessionItems();
  const doable = useActionItems();
  const settings = useSettingItems();
  const accounts = useAccountItems();
  const organizations = useOrganizationItems();
  return useMemo(
    () => [
      { title: 'Machines', items: machines, limit: 5, searched: 12 },
      { title: 'Sessions', items: sessions, limit: 3, searched: 6 },
      { title: 'Accounts', items: accounts, limit: 3, searched: 6 },
      { title: 'Organizations', items: organizations, limit: 3, searched: 6 },
      { title: 'Actions', items: doable, limit: 40, searched: 12 },
      { title: 'Settings', items: settings, limit: 6, searched: 6 },
    ],
    [machines, sessions, accounts, organizations, doable, settings],
  );
}
