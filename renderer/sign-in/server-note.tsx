/** What is known of the server while its address is typed. */
import { LockKeyhole, Monitor, ShieldAlert } from 'lucide-react';
import { Spinner } from '../ui/spinner.tsx';
import type { ServerCheck } from './use-server-check.ts';

type FoundServer = Extract<ServerCheck, { at: 'found' }>['server'];

export function ServerNote({ check }: { readonly check: ServerCheck }) {
  switch (check.at) {
    case 'idle':
    case 'failed':
      return null;
    case 'checking':
      return (
        <span className="sign-in-note">
          <Spinner /> Looking for the server…
        </span>
      );
    case 'found':
      return <Found server={check.server} />;
  }
}

function Found({ server }: { readonly server: FoundServer }) {
  const name = `WebXTerm server${server.version === null ? '' : ` ${server.version}`}`;
  if (server.encrypted) {
    return (
      <span className="sign-in-note" data-tone="good">
        <LockKeyhole aria-hidden="true" /> {name}, encrypted
      </span>
    );
  }
  if (server.local) {
    return (
      <span className="sign-in-note" data-tone="good">
        <Monitor aria-hidden="true" /> {name} on this computer
      </span>
    );
  }
  return (
    <span className="sign-in-note" data-tone="warn">
      <ShieldAlert aria-hidden="true" /> {name}. Not encrypted: use it on a network you trust only.
    </span>
  );
}
