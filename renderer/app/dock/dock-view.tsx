/** The dock as it is drawn: tabs, splits, and a panel for each tab. */
import { DockviewReact, type DockviewReadyEvent, type DockviewTheme, type IDockviewPanelProps } from 'dockview-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSettings } from '../../state/context.tsx';
import { AnchoredMenu, type MenuPlace } from '../../ui/anchored-menu.tsx';
import type { ActionId } from '../actions/catalogue.ts';
import { shownChord } from '../actions/chords.ts';
import { useServices } from '../services.tsx';
import './dock.css';
import { DockTab } from './dock-tab.tsx';
import { NewTabButton, SplitButton } from './group-buttons.tsx';
import { PagePanel } from './page-panel.tsx';
import { panelParams } from './panel-params.ts';
import { tabMenu } from './tab-menu.tsx';
import { TerminalPanel } from './terminal-panel.tsx';
import { useTabGestures } from './tab-gestures.ts';
import { Watermark } from './watermark.tsx';

const theme: DockviewTheme = {
  name: 'webxterm',
  className: 'dock-theme',
  dndTabIndicator: 'line',
  dndPanelOverlay: 'group',
  dndOverlayBorder: '2px solid var(--accent)',
};

function Panel({ api, params: given }: IDockviewPanelProps) {
  const params = panelParams.safeParse(given).data;
  if (!params) return null;
  return params.kind === 'terminal' ? (
    <TerminalPanel api={api} params={params} />
  ) : (
    <PagePanel api={api} params={params} />
  );
}
const components = { panel: Panel };

export function DockView() {
  const { dock, openDialog, platform } = useServices();
  const chosen = useSettings((settings) => settings.shortcuts);
  const around = useRef<HTMLDivElement>(null);
  const detach = useRef<() => void>(undefined);
  const [menu, setMenu] = useState<{ readonly panel: string; readonly place: MenuPlace } | null>(null);
  useEffect(() => () => detach.current?.(), []);
  const onReady = useCallback(
    ({ api }: DockviewReadyEvent) => {
      detach.current = dock.attach(api);
    },
    [dock],
  );
  const close = useCallback((panel: string) => dock.close(panel), [dock]);
  const openMenu = useCallback(
    (panel: string, tab: Element, at: { x: number; y: number } | null) => setMenu({ panel, place: at ?? tab }),
    [],
  );
  const rename = useCallback(
    (panel: string) => {
      if (dock.paramsOf(panel)?.kind === 'terminal') openDialog({ is: 'rename-tab', panel });
    },
    [dock, openDialog],
  );
  const choose = useCallback((panel: string) => dock.show(panel), [dock]);
  const chosenTab = useCallback(() => dock.focusTerminal(), [dock]);
  useTabGestures(around, { close, menu: openMenu, rename, choose, chosen: chosenTab });
  const chord = (action: ActionId) => shownChord(action, chosen, platform);
  return (
    <div ref={around} className="dock">
      <DockviewReact
        theme={theme}
        components={components}
        defaultTabComponent={DockTab}
        watermarkComponent={Watermark}
        leftHeaderActionsComponent={NewTabButton}
        rightHeaderActionsComponent={SplitButton}
        defaultRenderer="always"
        disableFloatingGroups
        // What opens takes the keyboard and is read out by that; what closes has its toast.
        announcements={false}
        scrollbars="native"
        onReady={onReady}
      />
      <AnchoredMenu
        place={menu?.place ?? null}
        entries={menu ? tabMenu({ dock, panel: menu.panel, openDialog, chord }) : []}
        onClose={() => {
          setMenu(null);
          setTimeout(chosenTab);
        }}
      />
    </div>
  );
}
