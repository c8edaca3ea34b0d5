/** How this computer stands as a machine, in the words of the bridge. */
import type { Registration } from '../../../protocol/agent/folder.ts';
import type { AgentStatus } from '../../../protocol/agent/status.ts';
import type { Workstation } from '../../../protocol/bridge/events.ts';
import type { Failure } from '../../../protocol/bridge/failure.ts';
import type { Supervised } from './supervisor.ts';

export interface Standing {
  readonly busy: 'registering' | 'leaving' | null;
  readonly registration: Registration | null;
  /** The account it belongs to here, when that is signed in. */
  readonly account: string | null;
  readonly supervised: Supervised;
  /** Of an agent that another program runs. */
  readonly other: AgentStatus | null;
  /** Of the last thing that was asked for. */
  readonly failure: Failure | null;
}

export function workstationState(standing: Standing): Workstation {
  const { registration, supervised } = standing;
  const about = registration ?? { host: null, agent_id: null, name: null };
  return {
    state: stateOf(standing),
    ...runBy(standing),
    account: standing.account,
    host: about.host,
    agent_id: about.agent_id,
    name: about.name,
    failure: supervised.failure ?? standing.failure,
  };
}

function stateOf({ busy, supervised, other, registration }: Standing): Workstation['state'] {
  if (busy !== null) return busy;
  if (supervised.at === 'running') return 'running';
  if (supervised.at !== 'off') return 'starting';
  if (other !== null) return 'running';
  return registration === null ? 'off' : 'stopped';
}

function runBy({ supervised, other }: Standing): Pick<Workstation, 'run_by' | 'status'> {
  if (supervised.at !== 'off') return { run_by: 'desktop', status: supervised.status };
  return { run_by: other === null ? null : 'other', status: other };
}
