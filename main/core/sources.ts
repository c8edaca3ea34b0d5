/** Where the events of the bridge come from. */
import { coalesced } from './coalesce.ts';
import type { Account } from './accounts/account.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { SignIns } from './accounts/sign-ins.ts';
import type { Actions } from './actions.ts';
import type { Source, Sources } from './bridge.ts';
import type { Change, Feed } from './machines/feed.ts';
import type { Notices } from './notices.ts';
import type { Preferences } from './settings/preferences.ts';
import type { Terminals } from './terminals/terminals.ts';
import type { Watched } from './variable.ts';
import type { Workstation } from './workstation/workstation.ts';

interface Told {
  readonly accounts: Accounts;
  readonly signIns: SignIns;
  readonly terminals: Terminals;
  readonly workstation: Workstation;
  readonly preferences: Preferences;
  readonly notices: Notices;
  readonly actions: Actions;
}

/** One frame or two of a screen: nobody sees more. */
const TELL_EVERY_MS = 30;

export function createSources(told: Told): Sources {
  const { accounts, signIns, terminals, workstation, preferences, notices, actions } = told;
  return {
    'accounts.changed': latest(accounts.state),
    // at once, so that it is known before the call that led there is answered
    'sign-in.changed': (tell, signal) => signIns.state.watch(tell, signal),
    'machines.changed': ofEach(accounts, (account) => account.lists.machines),
    'sessions.changed': ofEach(accounts, (account) => account.lists.sessions),
    'terminals.changed': (tell, signal) => latest(terminals.list)((list) => tell([...list]), signal),
    'workstation.changed': latest(workstation.state),
    'settings.changed': latest(preferences.settings),
    'notices.changed': (tell, signal) => latest(notices.list)((list) => tell([...list]), signal),
    'actions.requested': actions.watch,
  };
}

/** The whole state each time, the newest only. */
function latest<T>(watched: Watched<T>): Source<T> {
  return (tell, signal) => {
    const soon = coalesced(() => tell(watched.value), TELL_EVERY_MS, signal);
    watched.watch(soon, signal);
  };
}

/** A feed per account, also of those that come later. */
function ofEach<T>(
  accounts: Accounts,
  feedOf: (account: Account) => Feed<T>,
): Source<Change<T> & { readonly account: string }> {
  return (tell, signal) => {
    const followed = new WeakSet<Account>();
    accounts.all.watch((all) => {
      for (const account of all.filter((each) => !followed.has(each))) {
        followed.add(account);
        feedOf(account).watch((change) => tell({ account: account.id, ...change }), signal);
      }
    }, signal);
  };
}
