/** The live sessions of an account, on all machines one may see. */
import { TerminalSquare } from 'lucide-react';
import { useMemo } from 'react';
import type { Account } from '../../protocol/bridge/events.ts';
import { useActiveAccount, useBridge, useSessions, useTime } from '../state/context.tsx';
import { inOrder } from '../state/keyed-list.ts';
import { listView } from '../state/list-view.ts';
import { sessionsOf } from '../state/sessions.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { count } from '../ui/format.ts';
import { ageOf, ListFrame, ListRetry } from '../ui/list-frame.tsx';
import { Page } from '../ui/page.tsx';
import { StateView } from '../ui/state-view.tsx';
import type { SessionActions } from './session-actions.ts';
import { sessionColumns } from './session-cells.tsx';
import { sessionMenu } from './session-menu.tsx';
import './sessions.css';

interface SessionsPageProps {
  readonly actions: SessionActions;
  readonly onSignIn: () => void;
}

export function SessionsPage(props: SessionsPageProps) {
  const account = useActiveAccount();
  return account && <OfAccount {...props} account={account} />;
}

function OfAccount({ account, actions, onSignIn }: SessionsPageProps & { readonly account: Account }) {
  const bridge = useBridge();
  const list = useSessions((state) => sessionsOf(state, account.account));
  const rows = useMemo(() => inOrder(list), [list]);
  const columns = useMemo(() => sessionColumns(account, actions), [account, actions]);
  const view = listView(list, account);
  return (
    <Page title="Sessions" width="full" aside={rows.length > 0 && count(rows.length, 'live session')}>
      <ListFrame
        view={view}
        age={useTime((now) => ageOf(view, now))}
        loading="Loading sessions"
        failed="The sessions could not be loaded"
        action={
          <ListRetry
            signIn={account.state === 'expired' ? onSignIn : undefined}
            onRetry={() => void bridge.call('machines.refresh', { account: account.account })}
          />
        }
      >
        <DataTable
          label="Live sessions"
          columns={columns}
          rows={rows}
          keyOf={(session) => session.session_id}
          nameOf={(session) => `${session.username} on ${session.machine_name}`}
          stale={view.at === 'stale'}
          onOpen={(session) => {
            if (session.user_id === account.user_id) actions.open(account.account, session);
          }}
          menuOf={(session) => sessionMenu(account, session, actions)}
          empty={
            <StateView
              icon={<TerminalSquare />}
              title="No live sessions"
              action={<Button onClick={actions.openMachines}>Go to machines</Button>}
            >
              Open a terminal on a machine: its session is listed here, and goes on when its tab is gone.
            </StateView>
          }
        />
      </ListFrame>
    </Page>
  );
}
