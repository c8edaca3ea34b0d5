/** How the active account's server is reached now. */
import type { Account } from '../../../protocol/bridge/events.ts';
import { useActiveAccount, useTime } from '../../state/context.tsx';
import { until } from '../../ui/format.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import { useSignInAgain } from '../use-sign-in-again.ts';

function OnlineWords({ account }: { readonly account: Account }) {
  const ms = account.latency_ms;
  return <span className="status-text">{ms === null ? 'Connected' : `Connected, ${Math.round(ms)} ms`}</span>;
}

function OfflineWords({ account }: { readonly account: Account }) {
  const { next_try_at: at } = account;
  const next = useTime((now) => (at === undefined ? '' : `, next try ${until(at, now)}`));
  return (
    <Tooltip text={account.failure?.message ?? 'The server cannot be reached.'} side="top">
      <span className="status-text" data-tone="warning">
        Offline{next}
      </span>
    </Tooltip>
  );
}

export function ConnectionState() {
  const account = useActiveAccount();
  const signInAgain = useSignInAgain();
  if (!account) return null;
  switch (account.state) {
    case 'online':
      return <OnlineWords account={account} />;
    case 'connecting':
      return <span className="status-text">Connecting…</span>;
    case 'offline':
      return <OfflineWords account={account} />;
    case 'expired':
      return (
        <button type="button" className="status-item" data-tone="danger" onClick={() => signInAgain(account.account)}>
          Sign in again
        </button>
      );
  }
}
