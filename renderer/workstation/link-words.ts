/** What is said of the agent of this computer. Pure. */
import type { AgentStatus, ConnectStep } from '../../protocol/agent/status.ts';
import type { Workstation } from '../../protocol/bridge/events.ts';
import type { StatusTone } from '../ui/status-dot.tsx';

/** In the order in which they happen. */
export const steps: readonly ConnectStep[] = ['name', 'tcp', 'proxy', 'tls', 'http', 'version', 'credential'];
export const stepWords: Readonly<Record<ConnectStep, string>> = {
  name: 'Find the server',
  tcp: 'Reach it',
  proxy: 'Pass the proxy',
  tls: 'Encrypt',
  http: 'Be answered',
  version: 'Agree on a version',
  credential: 'Be let in',
};

export interface AgentWords {
  readonly tone: StatusTone;
  readonly words: string;
}

function linkWords(link: AgentStatus['link']): AgentWords {
  switch (link.at) {
    case 'connecting':
      return { tone: 'busy', words: 'Connecting…' };
    case 'online':
      return { tone: 'good', words: 'Online' };
    case 'waiting':
      return { tone: 'warn', words: 'Not connected' };
    case 'stopped':
      return { tone: 'bad', words: 'Stopped' };
  }
}

/** The state of the agent in a word or two, for the page and for the status bar. */
export function agentWords(workstation: Workstation): AgentWords {
  switch (workstation.state) {
    case 'off':
      return { tone: 'off', words: 'Off' };
    case 'registering':
      return { tone: 'busy', words: 'Registering…' };
    case 'stopped':
      return { tone: 'off', words: 'Stopped' };
    case 'starting':
      return { tone: 'busy', words: 'Starting…' };
    case 'leaving':
      return { tone: 'busy', words: 'Leaving…' };
    case 'running':
      return workstation.status ? linkWords(workstation.status.link) : { tone: 'busy', words: 'Starting…' };
  }
}

/** How far connecting came: each step passed, failed, or not reached. A proxy is a step only where it fails. */
export function ladder(
  failed: ConnectStep,
): readonly { readonly step: ConnectStep; readonly state: 'passed' | 'failed' | 'ahead' }[] {
  const at = steps.indexOf(failed);
  return steps
    .filter((step) => step !== 'proxy' || failed === 'proxy')
    .map((step) => {
      const place = steps.indexOf(step);
      return { step, state: place < at ? 'passed' : place === at ? 'failed' : 'ahead' };
    });
}
