/** The menu of a session. */
import { CircleStop, SquareTerminal } from 'lucide-react';
import type { Session } from '../../protocol/api/terminals.ts';
import type { Account } from '../../protocol/bridge/events.ts';
import type { MenuEntry } from '../ui/menu-entry.ts';
import type { SessionActions } from './session-actions.ts';

export const sessionMenu = (account: Account, session: Session, actions: SessionActions): readonly MenuEntry[] => [
  {
    label: 'Open',
    icon: <SquareTerminal />,
    onSelect: () => actions.open(account.account, session),
    ...(session.user_id !== account.user_id && { disabled: true, hint: 'Only who opened it controls it' }),
  },
  'separator',
  {
    label: 'End session…',
    icon: <CircleStop />,
    danger: true,
    onSelect: () => actions.end(account.account, session),
  },
];
