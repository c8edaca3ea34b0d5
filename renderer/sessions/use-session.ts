/** What a session is to the person who looks at it. */
import type { Session } from '../../protocol/api/terminals.ts';
import type { Account } from '../../protocol/bridge/events.ts';
import { useTerminals } from '../state/context.tsx';
import { terminalOfSession } from '../state/terminals.ts';

export interface Standing {
  /** A tab of this window shows it. */
  readonly here: boolean;
  /** Only who opened a session controls it. */
  readonly mine: boolean;
}

export function useStanding(session: Session, account: Account | undefined): Standing {
  const here = useTerminals((state) => terminalOfSession(state, session.session_id) !== undefined);
  return { here, mine: session.user_id === account?.user_id };
}
