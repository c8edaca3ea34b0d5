/** The pages of the features, with what the app does for them. */
import type { DockviewPanelApi } from 'dockview-react';
import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { MachinePage } from '../../machines/machine-page.tsx';
import { MachinesPage } from '../../machines/machines-page.tsx';
import { MachineSessions } from '../../sessions/machine-sessions.tsx';
import { SessionsPage } from '../../sessions/sessions-page.tsx';
import { SettingsPage } from '../../settings/settings-page.tsx';
import { useActiveAccount, useBridge, useSettings } from '../../state/context.tsx';
import { WorkstationPage } from '../../workstation/workstation-page.tsx';
import { actions, type ActionInfo } from '../actions/catalogue.ts';
import { chordsOf } from '../actions/chords.ts';
import { useMachineActions, useSessionActions } from '../feature-actions.ts';
import { useServices } from '../services.tsx';
import { useSignInAgain } from '../use-sign-in-again.ts';
import { useLaidOut, usePanelActive } from './panel-state.ts';
import type { PageName, PanelParams } from './panel-params.ts';

function useSignIn() {
  const signInAgain = useSignInAgain();
  const account = useActiveAccount();
  return () => signInAgain(account?.account ?? null);
}

function Machines() {
  return <MachinesPage actions={useMachineActions()} onSignIn={useSignIn()} />;
}

function Sessions() {
  return <SessionsPage actions={useSessionActions()} onSignIn={useSignIn()} />;
}

function Settings() {
  const bridge = useBridge();
  const { settingsTarget, platform } = useServices();
  const goTo = useStore(settingsTarget, (state) => state.goTo);
  const chosen = useSettings((settings) => settings.shortcuts);
  const rows = useMemo(
    () =>
      actions.map((action: ActionInfo) => ({
        id: action.id,
        title: action.title,
        section: action.section,
        chords: chordsOf(action, chosen, platform),
        isDefault: chosen[action.id] === undefined,
      })),
    [chosen, platform],
  );
  const change = (id: string, chord: string | null) => {
    const { [id]: _, ...others } = chosen;
    void bridge.call('settings.update', { shortcuts: chord === null ? others : { ...others, [id]: chord } });
  };
  return <SettingsPage goTo={goTo} shortcuts={rows} platform={platform} onShortcut={change} />;
}

const pageViews: Readonly<Record<PageName, () => React.ReactNode>> = {
  machines: Machines,
  sessions: Sessions,
  workstation: WorkstationPage,
  settings: Settings,
};

type PageParams = Exclude<PanelParams, { kind: 'terminal' }>;

interface PagePanelProps {
  readonly api: DockviewPanelApi;
  readonly params: PageParams;
}

export function PagePanel({ api, params }: PagePanelProps) {
  const place = useRef<HTMLDivElement>(null);
  const laidOut = useLaidOut(place);
  const active = usePanelActive(api) && laidOut;
  // The keyboard goes on here when what had it is gone, such as a tab that was closed.
  useEffect(() => {
    if (active && document.activeElement === document.body) place.current?.focus({ preventScroll: true });
  }, [active]);
  return (
    <div ref={place} className="dock-panel" tabIndex={-1}>
      <PageOf params={params} />
    </div>
  );
}

function PageOf({ params }: Pick<PagePanelProps, 'params'>) {
  const machineActions = useMachineActions();
  const sessionActions = useSessionActions();
  if (params.kind === 'machine') {
    const target = { account: params.account, agent_id: params.agent_id };
    return (
      <MachinePage
        target={target}
        actions={machineActions}
        sessions={<MachineSessions target={target} actions={sessionActions} />}
      />
    );
  }
  const View = pageViews[params.page];
  return <View />;
}
