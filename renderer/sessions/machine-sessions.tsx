/** The live sessions of one machine. */
import { useMemo } from 'react';
import { accountOf } from '../state/accounts.ts';
import { useAccounts, useSessions } from '../state/context.tsx';
import { inOrder } from '../state/keyed-list.ts';
import type { MachineRef } from '../state/layout.ts';
import { sessionsOf } from '../state/sessions.ts';
import { Card } from '../ui/page.tsx';
import type { SessionActions } from './session-actions.ts';
import { HowLong, Presence, SessionButtons, Who } from './session-cells.tsx';
import { fromWhere } from './session-words.ts';
import './sessions.css';

interface MachineSessionsProps {
  readonly target: MachineRef;
  readonly actions: SessionActions;
}

export function MachineSessions({ target, actions }: MachineSessionsProps) {
  const account = useAccounts((state) => accountOf(state, target.account));
  const list = useSessions((state) => sessionsOf(state, target.account));
  const sessions = useMemo(
    () => inOrder(list).filter((session) => session.agent_id === target.agent_id),
    [list, target.agent_id],
  );
  if (!account || sessions.length === 0) return <p className="ui-muted">Nobody is on it now.</p>;
  return (
    <Card>
      <ul className="session-lines">
        {sessions.map((session) => (
          <li key={session.session_id}>
            <span className="session-line-who">
              <Who session={session} account={account} />
            </span>
            <span className="ui-muted ui-truncate">{fromWhere(session)}</span>
            <span className="session-line-state">
              <Presence session={session} />
            </span>
            <HowLong since={session.started_at} />
            <span className="session-line-buttons">
              <SessionButtons session={session} account={account} actions={actions} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
