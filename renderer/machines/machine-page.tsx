/** One machine: how it is, why it is away, who is on it, what it is. */
import { Ellipsis, ServerOff, SquareTerminal } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Machine } from '../../protocol/api/machines.ts';
import { accountOf } from '../state/accounts.ts';
import { useAccounts, useLayout, useMachines, useTime, useStores } from '../state/context.tsx';
import { favouriteToggled, isFavourite, type MachineRef } from '../state/layout.ts';
import { listView, type ListView } from '../state/list-view.ts';
import { machineOf, machinesOf } from '../state/machines.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { ago, dateTime } from '../ui/format.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { ageOf } from '../ui/list-frame.tsx';
import { Menu } from '../ui/menu.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { StateView } from '../ui/state-view.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { canOpen, type MachineActions } from './machine-actions.ts';
import { MachineFacts } from './machine-facts.tsx';
import { MachineFigures } from './machine-figures.tsx';
import { machineMenu } from './machine-menu.tsx';
import { statusTones, statusWords } from './machine-words.ts';
import { useMachineDetail } from './use-machine-detail.ts';

interface MachinePageProps {
  readonly target: MachineRef;
  readonly actions: MachineActions;
  /** The sessions on it, drawn by whom they belong to. */
  readonly sessions: ReactNode;
}

/** Why it cannot be used now, and what is known of it. */
function Away({ machine, view }: { readonly machine: Machine; readonly view: ListView }) {
  const age = useTime((now) => ageOf(view, now));
  const seen = useTime((now) => (machine.last_active === null ? '' : ago(machine.last_active, now)));
  if (view.at === 'stale')
    return (
      <Banner tone="warning">
        <strong>Last known{age && `, from ${age}`}.</strong> {view.why?.message}
      </Banner>
    );
  switch (machine.status) {
    case 'online':
      return null;
    case 'pending':
      return (
        <Banner tone="info">
          <strong>It has not joined yet.</strong> Run the install command on it with its registration token. If the
          token is lost, remove this machine and add it anew.
        </Banner>
      );
    case 'offline':
      return (
        <Banner tone="warning">
          <strong>Its agent is not connected.</strong>{' '}
          {machine.last_active ? `It was last seen ${seen} (${dateTime(machine.last_active)}).` : 'It was never seen.'}{' '}
          It connects again by itself as soon as it is on and reaches the server; <code>webxterm-agent status</code> on
          the machine says which step fails.
        </Banner>
      );
  }
}

export function MachinePage({ target, actions, sessions }: MachinePageProps) {
  const { account, agent_id } = target;
  const machine = useMachines((state) => machineOf(state, account, agent_id));
  const list = useMachines((state) => machinesOf(state, account));
  const signedIn = useAccounts((state) => accountOf(state, account));
  const view = listView(list, signedIn);
  if (machine) return <Known machine={machine} view={view} target={target} actions={actions} sessions={sessions} />;
  return view.at === 'loading' ? (
    <Skeleton rows={10} label="Loading the machine" />
  ) : (
    <StateView icon={<ServerOff />} title="This machine is not here">
      It was removed, or you may no longer see it.
    </StateView>
  );
}

interface KnownProps extends MachinePageProps {
  readonly machine: Machine;
  readonly view: ListView;
}

function Known({ machine, view, target, actions, sessions }: KnownProps) {
  const stores = useStores();
  const favourite = useLayout((state) => isFavourite(state, target));
  const detail = useMachineDetail(target);
  const openable = canOpen(machine, view.at === 'live');
  return (
    <Page
      title={machine.name}
      aside={
        <>
          <StatusDot tone={statusTones[machine.status]} />
          {statusWords[machine.status]}
        </>
      }
      actions={
        <>
          <Button
            variant="primary"
            icon={<SquareTerminal />}
            disabled={!openable}
            onClick={() => actions.openTerminal(target)}
          >
            Open terminal
          </Button>
          <Menu
            align="end"
            trigger={<IconButton label="More actions" icon={<Ellipsis />} />}
            entries={machineMenu({
              machine,
              ref: target,
              actions,
              openable,
              favourite,
              onFavourite: () => stores.layout.setState((state) => favouriteToggled(state, target)),
            })}
          />
        </>
      }
    >
      <Away machine={machine} view={view} />
      {machine.description && <p>{machine.description}</p>}
      <Section title="Now">
        <MachineFigures machine={machine} />
      </Section>
      <Section title="Sessions">{sessions}</Section>
      <Section title="About this machine">
        <MachineFacts machine={machine} metadata={detail?.metadata} />
      </Section>
    </Page>
  );
}
