/** Which of one's organizations to go to. */
import { Building2, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Failure } from '../../protocol/bridge/failure.ts';
import type { Organization, SignIn } from '../../protocol/bridge/sign-in.ts';
import { useBridge } from '../state/context.tsx';
import { asWhom } from '../state/reach.ts';
import { Button } from '../ui/button.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { moved } from '../ui/list-keys.ts';
import { Spinner } from '../ui/spinner.tsx';
import { useTask } from '../ui/use-task.ts';

interface OrganizationStepProps {
  readonly step: Extract<SignIn, { readonly at: 'organization' }>;
  readonly onBack: () => void;
}

/** More than that are scrolled. */
const IN_SIGHT = 6;

export function OrganizationStep({ step, onBack }: OrganizationStepProps) {
  const bridge = useBridge();
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const task = useTask<Failure>();
  const focus = (at: number) => list.current?.querySelectorAll('button')[at]?.focus();
  useEffect(() => list.current?.querySelector('button')?.focus(), [list]);

  const choose = ({ tenant_id }: Organization) => {
    if (task.busy) return;
    setChosen(tenant_id);
    task.run(() => bridge.call('sign-in.choose', { sign_in: step.sign_in, tenant_id }));
  };
  const move = (event: KeyboardEvent, at: number) => {
    const to = moved(event.key, at, step.organizations.length, IN_SIGHT);
    if (to === null) return;
    event.preventDefault();
    focus(to);
  };
  return (
    <div className="sign-in-form">
      {task.failure && <FailureNote failure={task.failure} />}
      <ul className="sign-in-organizations" aria-label="Organizations" ref={list}>
        {step.organizations.map((organization, at) => (
          <li key={organization.tenant_id}>
            <button
              type="button"
              className="sign-in-organization"
              aria-disabled={task.busy}
              onClick={() => choose(organization)}
              onKeyDown={(event) => move(event, at)}
            >
              <Building2 aria-hidden="true" />
              <span className="sign-in-organization-name">
                <span className="ui-truncate">{organization.name}</span>
                <span className="sign-in-organization-who ui-truncate">{asWhom(organization)}</span>
              </span>
              {task.busy && chosen === organization.tenant_id ? <Spinner /> : <ChevronRight aria-hidden="true" />}
            </button>
          </li>
        ))}
      </ul>
      <div className="sign-in-foot">
        <Button variant="ghost" size="sm" onClick={onBack}>
          Back
        </Button>
      </div>
    </div>
  );
}
