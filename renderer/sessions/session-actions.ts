/** What can be done with a session; handed in by the app, which has the dock and the dialogs. */
import type { Session } from '../../protocol/api/terminals.ts';

export interface SessionActions {
  /** Shows it in a tab: the one it is in already, else a new one. */
  readonly open: (account: string, session: Session) => void;
  readonly end: (account: string, session: Session) => void;
  readonly openMachines: () => void;
}
