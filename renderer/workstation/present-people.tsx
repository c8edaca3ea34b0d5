/** Who is on this computer now, each with a button that ends it. */
import type { AgentSession } from '../../protocol/agent/status.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge, useTime, useWorkstation } from '../state/context.tsx';
import { presentOn } from '../state/workstation.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { duration } from '../ui/format.ts';
import { Card } from '../ui/page.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { useTask } from '../ui/use-task.ts';

function Person({ session }: { readonly session: AgentSession }) {
  const bridge = useBridge();
  const since = useTime((now) => duration(now - Date.parse(session.started_at)));
  const task = useTask<Failure>();
  return (
    <li>
      <StatusDot tone={session.attached ? 'good' : 'off'} />
      <span className="workstation-person">
        <strong>{session.username}</strong>
        <span className="ui-muted">
          {session.attached ? 'Looking at it now' : 'Detached'} · for {since}
        </span>
      </span>
      {session.machine_role === 'sudo' && <Badge tone="warning">sudo</Badge>}
      <Button
        size="sm"
        busy={task.busy}
        aria-label={`End the session of ${session.username} now`}
        onClick={() => task.run(() => bridge.call('workstation.end-session', { session_id: session.session_id }))}
      >
        End now
      </Button>
      {task.failure && <FailureNote failure={task.failure} />}
    </li>
  );
}

export function PresentPeople() {
  const present = useWorkstation(presentOn);
  if (present.length === 0) return <p className="ui-muted">Nobody is on this computer.</p>;
  return (
    <Card>
      <ul className="workstation-people">
        {present.map((session) => (
          <Person key={session.session_id} session={session} />
        ))}
      </ul>
    </Card>
  );
}
