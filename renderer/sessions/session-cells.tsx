/** The columns of the table of sessions. */
import { CircleStop, SquareTerminal } from 'lucide-react';
import type { Session } from '../../protocol/api/terminals.ts';
import type { Account } from '../../protocol/bridge/events.ts';
import { useNow } from '../state/context.tsx';
import { Badge } from '../ui/badge.tsx';
import { dateTime, duration } from '../ui/format.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import type { Column } from '../ui/table-model.ts';
import type { SessionActions } from './session-actions.ts';
import { fromWhere, presence } from './session-words.ts';
import { useStanding } from './use-session.ts';

const SECOND_MS = 1000;

export function HowLong({ since }: { readonly since: string }) {
  const now = useNow(SECOND_MS);
  return (
    <span className="ui-number" title={`Since ${dateTime(since)}`}>
      {duration(now - Date.parse(since))}
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
      track: 'minmax(8rem, 1.5fr)',
      cell: (session) => <strong className="sessions-machine ui-truncate">{session.machine_name}</strong>,
    },
    {
      id: 'who',
      title: 'Who',
      track: 'minmax(7rem, 1.2fr)',
      cell: (session) => <Who session={session} account={account} />,
    },
    {
      id: 'from',
      title: 'From',
      track: 'minmax(9rem, 1.4fr)',
      from: 700,
      cell: (session) => <span className="ui-muted ui-truncate">{fromWhere(session)}</span>,
    },
    {
      id: 'state',
      title: 'State',
      track: '6.5rem',
      from: 520,
      cell: (session) => <Presence session={session} />,
    },
    {
      id: 'for',
      title: 'For',
      track: '6rem',
      from: 420,
      cell: (session) => <HowLong since={session.started_at} />,
    },
    {
      id: 'actions',
      title: 'Actions',
      track: '4rem',
      align: 'end',
      cell: (session) => <SessionButtons session={session} account={account} actions={actions} tabIndex={-1} />,
    },
  ];
}
