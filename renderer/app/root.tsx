/** What is drawn: the window is starting, somebody has to sign in, or the app. */
import { useCallback, useEffect, useMemo, type Ref } from 'react';
import { SignInPage } from '../sign-in/sign-in-page.tsx';
import { useAccounts, useBridge, useLayout, useSettings, useTerminals } from '../state/context.tsx';
import { Mark } from '../ui/mark.tsx';
import type { Performer } from './actions/performer.ts';
import { chordTable } from './actions/chords.ts';
import { useShortcuts } from './actions/use-shortcuts.ts';
import { useServices } from './services.tsx';
import { NoticesBar } from './shell/notices-bar.tsx';
import { Shell } from './shell/shell.tsx';
import './shell/shell.css';
import { useAppearance } from './theme.ts';
import { WindowDialogs } from './window-dialogs.tsx';

interface RootProps {
  readonly performer: Performer;
  readonly filterRef: Ref<HTMLInputElement>;
}

export function Root({ performer, filterRef }: RootProps) {
  useAppearance();
  const bridge = useBridge();
  const known = useAccounts((state) => state.known);
  const signedIn = useAccounts((state) => state.accounts.length > 0);
  const restorable = useLayout((state) => state.loaded);
  const terminalsKnown = useTerminals((state) => state.known);
  useEffect(() => bridge.on('actions.requested', ({ action }) => performer.request(action)), [bridge, performer]);
  if (!known || !restorable || !terminalsKnown) return <Starting />;
  return signedIn ? <SignedIn filterRef={filterRef} /> : <SignedOut />;
}

function SignedIn({ filterRef }: Pick<RootProps, 'filterRef'>) {
  const { perform, can, platform, dialogs } = useServices();
  const chosen = useSettings((settings) => settings.shortcuts);
  const table = useMemo(() => chordTable(chosen, platform), [chosen, platform]);
  const act = useCallback<typeof perform>(
    (action) => {
      // A dialog that just opened may not have the keyboard yet: nothing happens behind it.
      if (dialogs.getState().is === 'none' && can(action)) perform(action);
    },
    [perform, can, dialogs],
  );
  useShortcuts(table, act);
  return (
    <>
      <Shell filterRef={filterRef} />
      <WindowDialogs />
    </>
  );
}

function SignedOut() {
  return (
    <div className="shell">
      <NoticesBar />
      <div className="shell-main">
        <SignInPage />
      </div>
    </div>
  );
}

/** Nearly always gone before it is seen. */
function Starting() {
  return (
    <main className="starting">
      <div>
        <Mark />
        <p>Starting…</p>
      </div>
    </main>
  );
}
