/** A terminal in its tab: what the app gives it, and what it asks of the app. */
import type { DockviewPanelApi } from 'dockview-react';
import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { TerminalView } from '../../terminal/terminal-view.tsx';
import { useBridge, useSettings, useTerminals } from '../../state/context.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { terminalChords } from '../actions/terminal-actions.ts';
import { useServices } from '../services.tsx';
import { useSignInAgain } from '../use-sign-in-again.ts';
import { useShownTheme } from '../theme.ts';
import { useLaidOut, usePanelActive, usePanelVisible } from './panel-state.ts';
import type { TerminalParams } from './panel-params.ts';

/** A title that changes with every prompt is kept once it has settled. */
const KEEP_TITLE_AFTER_MS = 1000;

interface TerminalPanelProps {
  readonly api: DockviewPanelApi;
  readonly params: TerminalParams;
}

export function TerminalPanel({ api, params }: TerminalPanelProps) {
  const bridge = useBridge();
  const toasts = useToasts();
  const { dock, dialogs, platform } = useServices();
  const signInAgain = useSignInAgain();
  const terminal = useTerminals((state) => state.byId.get(params.terminal));
  const settings = useSettings((state) => state.terminal);
  const chosen = useSettings((state) => state.shortcuts);
  const shortcuts = useMemo(() => terminalChords(chosen, platform), [chosen, platform]);
  const theme = useShownTheme();
  const place = useRef<HTMLDivElement>(null);
  const laidOut = useLaidOut(place);
  const visible = usePanelVisible(api) && laidOut;
  // What a dialog has, a terminal that opens or comes back behind it does not take.
  const undisturbed = useStore(dialogs, (dialog) => dialog.is === 'none');
  const focused = usePanelActive(api) && laidOut && undisturbed;
  const titleTimer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(titleTimer.current), []);
  const keepTitle = (title: string) => {
    clearTimeout(titleTimer.current);
    titleTimer.current = setTimeout(
      () => void bridge.call('terminals.rename', { terminal: params.terminal, title }),
      KEEP_TITLE_AFTER_MS,
    );
  };
  return (
    <div ref={place} className="dock-panel">
      {terminal ? (
        <TerminalView
          key={params.terminal}
          bridge={bridge}
          terminalId={params.terminal}
          terminal={terminal}
          settings={settings}
          theme={theme}
          visible={visible}
          focused={focused}
          shortcuts={shortcuts}
          onReady={(handle) => dock.handles.add(params.terminal, handle)}
          onTitle={keepTitle}
          onDuplicate={() => dock.duplicate('tab', api.id)}
          onCloseRequest={() => dock.close(api.id)}
          onAgain={() => dock.again(api.id)}
          onSignIn={() => signInAgain(terminal.account)}
          onNotice={(text) => toasts.show({ text })}
        />
      ) : (
        <Skeleton rows={3} label="Opening the terminal" />
      )}
    </div>
  );
}
