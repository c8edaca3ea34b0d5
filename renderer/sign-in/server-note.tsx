/** What is known of the server while its address is typed. */
import { LockKeyhole, ShieldAlert } from 'lucide-react';
import { Spinner } from '../ui/spinner.tsx';
import type { ServerCheck } from './use-server-check.ts';

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
      return check.server.encrypted ? (
        <span className="sign-in-note" data-tone="good">
          <LockKeyhole aria-hidden="true" /> WebXTerm server{check.server.version && ` ${check.server.version}`},
          encrypted
        </span>
      ) : (
        <span className="sign-in-note" data-tone="warn">
          <ShieldAlert aria-hidden="true" /> WebXTerm server. Not encrypted: use it on this computer or a network you
          trust only.
        </span>
      );
  }
}
