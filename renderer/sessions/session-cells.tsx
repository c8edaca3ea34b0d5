/** The columns of the table of sessions. */
import { CircleStop, SquareTerminal } from 'lucide-react';
import type { Session } from '../../protocol/api/terminals.ts';
import type { Account } from '../../protocol/bridge/events.ts';
import { useTime } from '../state/context.tsx';
import { Badge } from '../ui/badge.tsx';
import { dateTime, duration } from '../ui/format.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import type { Column } from '../ui/table-model.ts';
import type { SessionActions } from './session-actions.ts';
import { fromWhere, presence } from './session-words.ts';
import { useStanding } from './use-session.ts';

export function HowLong({ since }: { readonly since: string }) {
  const words = useTime((now) => duration(now - Date.parse(since)));
  return (
    <span className="ui-number" title={`Since ${dateTime(since)}`}>
      {words}
    </span>
  );
}

export function Presence({ session }: { readonly session: Session }) {
  const { word, tone } = presence(session);
  return (
    <>
      <StatusDot tone={tone} />
      {word}
    </>
  );
}

export function Who({ session, account }: { readonly session: Session; readonly account: Account | undefined }) {
  const { here, mine } = useStanding(session, account);
  return (
    <>
      <span className="ui-truncate">{session.username}</span>
      {here ? <Badge tone="accent">in a tab</Badge> : mine && <Badge>you</Badge>}
    </>
  );
}

interface SessionButtonsProps {
  readonly session: Session;
  readonly account: Account;
  readonly actions: SessionActions;
  /** Inside of a grid, which has one place of the Tab key. */
  readonly tabIndex?: number;
}

export function SessionButtons({ session, account, actions, tabIndex = 0 }: SessionButtonsProps) {
  const { here, mine } = useStanding(session, account);
  return (
    <>
      {mine && (
        <IconButton
          label={`${here ? 'Go to the tab of' : 'Open'} the session on ${session.machine_name}`}
          icon={<SquareTerminal />}
          size="sm"
          tabIndex={tabIndex}
          onClick={() => actions.open(account.account, session)}
        />
      )}
      <IconButton
        label={`End the session on ${session.machine_name}`}
        icon={<CircleStop />}
        size="sm"
        tabIndex={tabIndex}
        onClick={() => actions.end(account.account, session)}
      />
    </>
  );
}

export function sessionColumns(account: Account, actions: SessionActions): readonly Column<Session>[] {
  return [
    {
      id: 'machine',
      title: 'Machine',
      min: 8,
      grow: 1.5,
      rank: 0,
      cell: (session) => <strong className="sessions-machine ui-truncate">{session.machine_name}</strong>,
    },
    {
      id: 'who',
      title: 'Who',
      min: 7,
      grow: 1.2,
      rank: 2,
      cell: (session) => <Who session={session} account={account} />,
    },
    {
      id: 'from',
      title: 'From',
      min: 9,
      grow: 1.4,
      rank: 5,
      cell: (session) => <span className="ui-muted ui-truncate">{fromWhere(session)}</span>,
    },
    {
      id: 'state',
      title: 'State',
      min: 6.5,
      grow: 0,
      rank: 4,
      cell: (session) => <Presence session={session} />,
    },
    {
      id: 'for',
      title: 'For',
      min: 6,
      grow: 0,
      rank: 3,
      cell: (session) => <HowLong since={session.started_at} />,
    },
    {
      id: 'actions',
      title: 'Actions',
      min: 4,
      grow: 0,
      rank: 1,
      align: 'end',
      cell: (session) => <SessionButtons session={session} account={account} actions={actions} tabIndex={-1} />,
    },
  ];
}
