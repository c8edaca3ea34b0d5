/** The line at the bottom: who, how connected, how many sessions, and whether somebody is on this computer. */
import { Rows3, Users } from 'lucide-react';
import { useConnection, useTerminals, useWorkstation } from '../../state/context.tsx';
import { liveCount } from '../../state/terminals.ts';
import { presentOn } from '../../state/workstation.ts';
import { count } from '../../ui/format.ts';
import { StatusDot } from '../../ui/status-dot.tsx';
import { agentWords } from '../../workstation/link-words.ts';
import { useServices } from '../services.tsx';
import { AccountMenu } from './account-menu.tsx';
import { ConnectionState } from './connection-state.tsx';
import './status-bar.css';

function Sessions() {
  const { perform } = useServices();
  const live = useTerminals(liveCount);
  return (
    <button type="button" className="status-item" onClick={() => perform('page.sessions')}>
      <Rows3 aria-hidden="true" />
      {count(live, 'terminal')}
    </button>
  );
}

/** Never hidden: whoever sits here sees at any time that somebody else is on this computer. */
function Present() {
  const { perform } = useServices();
  const present = useWorkstation(presentOn);
  if (present.length === 0) return null;
  const names = [...new Set(present.map((session) => session.username))];
  const who = names.length === 1 ? `${names[0]} is` : `${names.length} people are`;
  return (
    <button type="button" className="status-item status-present" onClick={() => perform('page.workstation')}>
      <Users aria-hidden="true" />
      {who} on this computer
    </button>
  );
}

function Agent() {
  const { perform } = useServices();
  const workstation = useWorkstation((state) => state.workstation);
  if (!workstation) return null;
  const { tone, words } = agentWords(workstation);
  return (
    <button type="button" className="status-item status-agent" onClick={() => perform('page.workstation')}>
      <StatusDot tone={tone} />
      <span>
        <span className="status-label">This workstation: </span>
        {words}
      </span>
    </button>
  );
}

export function StatusBar() {
  const connected = useConnection((state) => state.connected);
  return (
    <footer className="status-bar" aria-label="Status">
      <AccountMenu />
      <ConnectionState />
      {!connected && (
        <output className="status-text" data-tone="danger">
          The window lost the app. Connecting again…
        </output>
      )}
      <span className="status-space" />
      <Present />
      <Sessions />
      <Agent />
    </footer>
  );
}
