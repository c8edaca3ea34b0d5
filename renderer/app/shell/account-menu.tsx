/** Who is signed in and where, at the left of the status bar: switching is one click, and closes nothing. */
import { Building2, LogOut, UserPlus } from 'lucide-react';
import type { Account } from '../../../protocol/bridge/events.ts';
import { useAccounts, useActiveAccount, useBridge } from '../../state/context.tsx';
import { asWhom, elsewhere } from '../../state/reach.ts';
import { Menu } from '../../ui/menu.tsx';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import { StatusDot, type StatusTone } from '../../ui/status-dot.tsx';
import { useServices } from '../services.tsx';
import { useSwitch } from '../use-switch.ts';

export const accountTones: Readonly<Record<Account['state'], StatusTone>> = {
  connecting: 'busy',
  online: 'good',
  offline: 'warn',
  expired: 'bad',
};

/** Of more the palette finds the one that is meant. */
const MOST_ORGANIZATIONS = 8;

const hostOf = (address: string) => URL.parse(address)?.host ?? address;

export function AccountMenu() {
  const bridge = useBridge();
  const { openDialog, perform } = useServices();
  const switchTo = useSwitch();
  const active = useActiveAccount();
  const accounts = useAccounts((state) => state.accounts);
  if (!active) return null;
  const others = elsewhere(accounts, active);
  const entries: readonly MenuEntry[] = [
    ...accounts.map((account) => ({
      label: `${account.username} · ${account.organization}`,
      hint: hostOf(account.address),
      icon: <StatusDot tone={accountTones[account.state]} />,
      checked: account.account === active.account,
      onSelect: () => void bridge.call('accounts.activate', { account: account.account }),
    })),
    ...(others.length > 0 ? (['separator'] as const) : []),
    ...others.slice(0, MOST_ORGANIZATIONS).map((organization) => ({
      label: `Go to ${organization.name}`,
      hint: asWhom(organization),
      icon: <Building2 />,
      onSelect: () => switchTo(active.account, organization.tenant_id),
    })),
    ...(others.length > MOST_ORGANIZATIONS
      ? [{ label: 'More organizations…', icon: <Building2 />, onSelect: () => perform('palette.open') }]
      : []),
    'separator',
    { label: 'Add an account…', icon: <UserPlus />, onSelect: () => openDialog({ is: 'sign-in', account: null }) },
    {
      label: `Sign out ${active.username}…`,
      icon: <LogOut />,
      onSelect: () => openDialog({ is: 'sign-out', account: active.account }),
    },
  ];
  return (
    <Menu
      side="top"
      entries={entries}
      trigger={
        <button type="button" className="status-item" aria-label={`Account ${active.username}, ${active.organization}`}>
          <StatusDot tone={accountTones[active.state]} />
          <span className="ui-truncate">
            {active.username} <span className="status-quiet">{active.organization}</span>
          </span>
        </button>
      }
    />
  );
}
