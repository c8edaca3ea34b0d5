/** A terminal in its tab: the screen, and around it what the person is told and asked. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import '@xterm/xterm/css/xterm.css';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { Terminal } from '../../protocol/bridge/events.ts';
import type { Settings } from '../../protocol/bridge/settings.ts';
import type { BarAction } from './bar.ts';
import { ClipboardAsk } from './clipboard-ask.tsx';
import { openLiveTerminal, type LiveTerminal } from './live-terminal.ts';
import { PasteGuard } from './paste-guard.tsx';
import { ScreenMenu } from './screen-menu.tsx';
import { SearchBar } from './search-bar.tsx';
import { StateBar } from './state-bar.tsx';
import type { TerminalAction, TerminalHandle } from './terminal-handle.ts';
import './terminal.css';

export interface TerminalViewProps {
  readonly bridge: Bridge;
  /** The app keys the component by it. */
  readonly terminalId: string;
  readonly terminal: Terminal;
  readonly settings: Settings['terminal'];
  readonly theme: 'light' | 'dark';
  /** Its tab is shown, and the window is. */
  readonly visible: boolean;
  /** Its tab is the active one: it takes the keyboard when this turns true. */
  readonly focused: boolean;
  /** As they are shown, or empty. */
  readonly shortcuts: Readonly<Record<TerminalAction, string>>;
  /** Called once the screen is there; what it returns is called when it goes. */
  readonly onReady: (handle: TerminalHandle) => () => void;
  readonly onTitle: (title: string) => void;
  /** A new session on this machine. */
  readonly onDuplicate: () => void;
  readonly onCloseRequest: () => void;
  /** A new session in this same tab. */
  readonly onAgain: () => void;
  readonly onSignIn: () => void;
  readonly onNotice: (text: string) => void;
}

export function TerminalView(props: TerminalViewProps): React.JSX.Element {
  const { live, screen } = useLiveTerminal(props);
  const { terminal, settings, shortcuts, onDuplicate, onCloseRequest } = props;
  return (
    <section
      className="terminal-view"
      aria-label={`Terminal on ${terminal.machine_name}`}
      data-closing={terminal.state.at === 'closing' || undefined}
    >
      {live && <StateBar live={live} state={terminal.state} onAction={(action) => act(action, live, props)} />}
      <ScreenMenu
        live={live}
        rightClick={settings.right_click}
        shortcuts={shortcuts}
        onDuplicate={onDuplicate}
        onCloseRequest={onCloseRequest}
      >
        <div className="terminal-frame">
          {screen && <div className="terminal-screen" ref={screen} />}
          {live && <Around live={live} />}
        </div>
      </ScreenMenu>
      {live && <PasteGuard live={live} />}
    </section>
  );
}

function act(action: BarAction, live: LiveTerminal, props: TerminalViewProps): void {
  switch (action.do) {
    case 'retry':
    case 'take-control':
      live.handle.perform(action.do);
      return live.handle.focus();
    case 'kept':
      live.answerKept(action.send);
      return live.handle.focus();
    case 'dismiss':
      live.dismissDiscarded();
      return live.handle.focus();
    case 'again':
      return props.onAgain();
    case 'close':
      return props.onCloseRequest();
    case 'sign-in':
      return props.onSignIn();
  }
}

const OPENS = navigator.userAgent.includes('Mac') ? '⌘click opens it' : 'Ctrl+click opens it';

/** What lies over a part of the screen. */
function Around({ live }: { readonly live: LiveTerminal }) {
  const finding = useStore(live.store, (state) => state.finding);
  const target = useStore(live.store, (state) => state.linkTarget);
  const bells = useStore(live.store, (state) => state.bells);
  const wish = useStore(live.store, (state) => state.clipboard);
  return (
    <>
      {finding > 0 && <SearchBar live={live} asked={finding} />}
      {wish !== null && <ClipboardAsk live={live} text={wish} />}
      {target !== null && (
        <p className="terminal-link-target">
          {target} <span className="terminal-hint">{OPENS}</span>
        </p>
      )}
      {bells > 0 && <div key={bells} className="terminal-bell" aria-hidden="true" />}
    </>
  );
}

/** Opened when the terminal is first shown, for then its size is known; it ends with the component. */
function useLiveTerminal(props: TerminalViewProps) {
  const { bridge, terminalId, settings, theme, visible, focused } = props;
  const { state } = props.terminal;
  const [live, setLive] = useState<LiveTerminal | null>(null);
  const [wasShown, setWasShown] = useState(visible);
  if (visible && !wasShown) setWasShown(true);

  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const open = useCallback(
    (element: HTMLDivElement) => {
      const now = latest.current;
      const opened = openLiveTerminal({
        bridge,
        terminalId,
        element,
        given: { settings: now.settings, theme: now.theme, visible: now.visible, state: now.terminal.state },
        ...realTime,
        titled: (title) => latest.current.onTitle(title),
        notice: (text) => latest.current.onNotice(text),
        again: () => latest.current.onAgain(),
      });
      const gone = now.onReady(opened.handle);
      setLive(opened);
      return () => {
        setLive(null);
        gone();
        opened.dispose();
      };
    },
    [bridge, terminalId],
  );

  useEffect(() => live?.change({ settings, theme, visible, state }), [live, settings, theme, visible, state]);
  useEffect(() => {
    if (focused) live?.handle.focus();
  }, [live, focused]);
  return { live, screen: wasShown ? open : null };
}

const realTime = {
  now: () => ({ monotonic: performance.now(), wall: Date.now() }),
  after(ms: number, callback: () => void) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
