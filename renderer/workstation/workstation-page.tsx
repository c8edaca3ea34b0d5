/** This computer as a machine: one switch, and then who is on it. */
import { useState, type ReactNode } from 'react';
import type { Workstation } from '../../protocol/bridge/events.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { accountOf } from '../state/accounts.ts';
import { useAccounts, useActiveAccount, useBridge, useWorkstation } from '../state/context.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { Card, Facts, FormRow, Page, Section } from '../ui/page.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { Switch } from '../ui/switch.tsx';
import { useTask } from '../ui/use-task.ts';
import { AgentLink } from './agent-link.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { agentWords } from './link-words.ts';
import { PresentPeople } from './present-people.tsx';
import { RegisterForm } from './register-form.tsx';
import { useAppInfo } from './use-app-info.ts';
import './workstation.css';

export function WorkstationPage() {
  const workstation = useWorkstation((state) => state.workstation);
  return (
    <Page title="This workstation">
      {workstation ? (
        <Known workstation={workstation} />
      ) : (
        <Skeleton rows={5} label="Loading the state of this computer" />
      )}
    </Page>
  );
}

const isRegistered = ({ state }: Workstation) => state !== 'off' && state !== 'registering';

function Known({ workstation }: { readonly workstation: Workstation }) {
  const registered = isRegistered(workstation);
  return (
    <>
      <p className="ui-muted">
        While this is on, people of your organization who are granted this computer can open terminals on it, from
        anywhere. Nobody comes unseen: who is on it is shown here and in the status bar, and you can end it at any time.
      </p>
      {workstation.run_by === 'other' && (
        <Banner tone="info">
          Another program of this computer, such as a service, runs its agent. What it does is shown here; it is stopped
          where it was started.
        </Banner>
      )}
      {registered ? <Running workstation={workstation} /> : <Registering workstation={workstation} />}
      {registered && (
        <Section title="Connected now" note="Shown in the status bar too, whatever page is open.">
          <PresentPeople />
        </Section>
      )}
      {registered && <About workstation={workstation} />}
    </>
  );
}

interface SwitchCardProps {
  readonly title: string;
  readonly workstation: Workstation;
  readonly on: boolean;
  readonly disabled: boolean;
  readonly onTurn: (on: boolean) => void;
  readonly children: ReactNode;
}

function SwitchCard({ title, workstation, on, disabled, onTurn, children }: SwitchCardProps) {
  const { words, tone } = agentWords(workstation);
  return (
    <Card>
      <FormRow
        title={title}
        note={
          <span className="workstation-state">
            <StatusDot tone={tone} /> {words}
          </span>
        }
      >
        <Switch
          label="Let granted people open terminals on this computer"
          checked={on}
          disabled={disabled || workstation.run_by === 'other'}
          onChange={onTurn}
        />
      </FormRow>
      <div className="workstation-below">{children}</div>
    </Card>
  );
}

/** Not a machine yet: the switch opens the form. */
function Registering({ workstation }: { readonly workstation: Workstation }) {
  const account = useActiveAccount();
  const info = useAppInfo();
  /** Null until somebody turned the switch: then a failure of before is shown with the form. */
  const [asking, setAsking] = useState<boolean | null>(null);
  const busy = workstation.state === 'registering';
  const open = busy || (asking ?? workstation.failure !== null);
  return (
    <SwitchCard
      title="Make this computer a machine"
      workstation={workstation}
      on={open}
      disabled={busy || !account}
      onTurn={setAsking}
    >
      {open && account && info && (
        <RegisterForm account={account} info={info} failure={workstation.failure} onCancel={() => setAsking(false)} />
      )}
    </SwitchCard>
  );
}

/** A machine: the switch starts and stops its agent. */
function Running({ workstation }: { readonly workstation: Workstation }) {
  const bridge = useBridge();
  const task = useTask<Failure>();
  const { state, status, failure } = workstation;
  const busy = state === 'starting' || state === 'leaving' || task.busy;
  const said = task.failure ?? failure;
  return (
    <SwitchCard
      title={workstation.name ?? 'This computer'}
      workstation={workstation}
      on={state === 'running' || state === 'starting'}
      disabled={busy}
      onTurn={(on) => task.run(() => bridge.call(on ? 'workstation.start' : 'workstation.stop', null))}
    >
      {said && <FailureNote failure={said} />}
      {state === 'running' && status && <AgentLink link={status.link} />}
    </SwitchCard>
  );
}

function About({ workstation }: { readonly workstation: Workstation }) {
  const [leaving, setLeaving] = useState(false);
  const account = useAccounts((state) => accountOf(state, workstation.account));
  return (
    <>
      <Section title="About">
        <Card>
          <div className="workstation-facts">
            <Facts
              facts={[
                ['Server', workstation.host ?? '–'],
                ['Organization', account?.organization ?? '–'],
                [
                  'Agent id',
                  <span key="agent-id" className="ui-mono">
                    {workstation.agent_id ?? '–'}
                  </span>,
                ],
                ['Agent version', workstation.status?.version ?? '–'],
              ]}
            />
          </div>
          <FormRow
            title="Leave the organization"
            note="Stops the agent, forgets its key and removes this computer from the list of machines."
          >
            <Button
              disabled={workstation.state === 'leaving' || workstation.run_by === 'other'}
              onClick={() => setLeaving(true)}
            >
              Leave…
            </Button>
          </FormRow>
        </Card>
      </Section>
      <LeaveDialog name={workstation.name ?? 'this computer'} open={leaving} onClose={() => setLeaving(false)} />
    </>
  );
}
