/** A page of terminals before sessions in memory. The tests drive it by `window.harness`. */
import '../../../renderer/app/csp-nonce.ts';
import './no-code-from-text.ts';
import '../../../renderer/ui/tokens.css';
import '../../../renderer/ui/base.css';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import type { CallInput, CallName } from '../../../protocol/bridge/calls.ts';
import type { Terminal, TerminalState } from '../../../protocol/bridge/events.ts';
import { settings as settingsSchema, type Settings } from '../../../protocol/bridge/settings.ts';
import { StateProvider } from '../../../renderer/state/context.tsx';
import { createStores } from '../../../renderer/state/stores.ts';
import type { TerminalAction, TerminalHandle } from '../../../renderer/terminal/terminal-handle.ts';
import { TerminalView } from '../../../renderer/terminal/terminal-view.tsx';
import { createFakeSession, type FakeSession } from '../../../renderer/terminal/testing/fake-session.ts';
import './page.css';

interface Shown {
  readonly ids: readonly string[];
  /** These are shown; the others are hidden tabs. */
  readonly visible: readonly string[];
  readonly theme: 'light' | 'dark';
  readonly settings: Settings['terminal'];
  readonly states: Readonly<Record<string, TerminalState>>;
}

export interface Harness {
  show(part: Partial<Shown>): void;
  change(settings: Partial<Settings['terminal']>): void;
  setState(id: string, state: TerminalState): void;
  session(id: string): FakeSession;
  perform(id: string, action: TerminalAction): void;
  can(id: string, action: TerminalAction): boolean;
  /** What was typed, in order, as text. */
  typed(id: string): string;
  readonly notices: string[];
  readonly titles: string[];
  readonly calls: { readonly name: CallName; readonly input: unknown }[];
  readonly wishes: string[];
  readonly violations: string[];
}

const sessions = new Map<string, FakeSession>();
const handles = new Map<string, TerminalHandle>();
const notices: string[] = [];
const titles: string[] = [];
const wishes: string[] = [];
const violations: string[] = [];
const calls: { name: CallName; input: unknown }[] = [];
document.addEventListener('securitypolicyviolation', (event) =>
  violations.push(`${event.violatedDirective} ${event.sample}`),
);

const session = (id: string): FakeSession => {
  const known = sessions.get(id) ?? createFakeSession();
  sessions.set(id, known);
  return known;
};

const store = createStore<Shown>(() => ({
  ids: [],
  visible: [],
  theme: 'dark',
  settings: settingsSchema.parse({}).terminal,
  states: {},
}));

const refuse = () =>
  Promise.resolve({ ok: false, failure: { code: 'not-available-here', message: 'Not here.' } } as const);
const bridge: Bridge = {
  call: (name: CallName, input: CallInput<CallName>) => {
    calls.push({ name, input });
    return refuse();
  },
  on: () => () => undefined,
  terminal: (id) => session(id).open(),
  onConnection: (listener) => {
    listener(true);
    return () => undefined;
  },
};

const describe = (id: string, state: TerminalState): Terminal => ({
  terminal: id,
  account: 'a1',
  agent_id: '000000000000000000000001',
  machine_name: 'atlas',
  session_id: null,
  title: id,
  started_at: new Date(0).toISOString(),
  state,
});

const attached: TerminalState = { at: 'attached', mode: 'control' };
const shortcuts: Record<TerminalAction, string> = {
  copy: 'Ctrl+Shift+C',
  paste: 'Ctrl+Shift+V',
  'select-all': '',
  find: 'Ctrl+Shift+F',
  'find-next': 'F3',
  'find-previous': 'Shift+F3',
  'zoom-in': 'Ctrl+=',
  'zoom-out': 'Ctrl+-',
  'zoom-reset': '',
  clear: '',
  'scroll-to-top': '',
  'scroll-to-bottom': '',
  'take-control': '',
  retry: '',
};

function Tab({ id }: { readonly id: string }) {
  const theme = useStore(store, (state) => state.theme);
  const settings = useStore(store, (state) => state.settings);
  const visible = useStore(store, (state) => state.visible.includes(id));
  const state = useStore(store, (shown) => shown.states[id]) ?? attached;
  return (
    <div className="page-tab" data-terminal={id} hidden={!visible}>
      <TerminalView
        bridge={bridge}
        terminalId={id}
        terminal={describe(id, state)}
        settings={settings}
        theme={theme}
        visible={visible}
        focused={visible}
        shortcuts={shortcuts}
        onReady={(handle) => {
          handles.set(id, handle);
          return () => handles.delete(id);
        }}
        onTitle={(title) => titles.push(title)}
        onDuplicate={() => wishes.push('duplicate')}
        onCloseRequest={() => wishes.push('close')}
        onAgain={() => wishes.push('again')}
        onSignIn={() => wishes.push('sign-in')}
        onNotice={(text) => notices.push(text)}
      />
    </div>
  );
}

function Page() {
  const ids = useStore(store, (state) => state.ids);
  const theme = useStore(store, (state) => state.theme);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  return ids.map((id) => <Tab key={id} id={id} />);
}

const harness: Harness = {
  notices,
  titles,
  calls,
  wishes,
  violations,
  session,
  show: (part) => store.setState(part),
  change: (part) => store.setState(({ settings }) => ({ settings: { ...settings, ...part } })),
  setState: (id, state) => store.setState(({ states }) => ({ states: { ...states, [id]: state } })),
  perform: (id, action) => handles.get(id)?.perform(action),
  can: (id, action) => handles.get(id)?.can(action) === true,
  typed: (id) =>
    session(id)
      .seen.map((one) => (one.saw === 'input' ? one.text : ''))
      .join(''),
};
Object.assign(window, { harness });

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no root');
const silent: Bridge = { ...bridge, call: refuse };
const stores = createStores(silent, Date.now, new AbortController().signal);
createRoot(root).render(
  <StrictMode>
    <StateProvider bridge={bridge} stores={stores}>
      <Page />
    </StateProvider>
  </StrictMode>,
);
