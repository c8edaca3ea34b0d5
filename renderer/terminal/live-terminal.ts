/** One terminal that lives in the window: its emulator, its session, and all that the person does with it, wired together. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { TerminalState } from '../../protocol/bridge/events.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { Timer } from './acks.ts';
import { createClipboard } from './clipboard.ts';
import type { Theme } from './color-scheme.ts';
import { createEmulator } from './emulator.ts';
import type { TerminalSettings } from './emulator-options.ts';
import { createLinks } from './links.ts';
import { createHandle } from './live-handle.ts';
import { createLiveSession } from './live-session.ts';
import { INITIAL, type LiveState } from './live-state.ts';
import { catchPastes } from './paste-ways.ts';
import { createPasting, type Pasting } from './pasting.ts';
import { listenToProgram } from './program-events.ts';
import { createRendering } from './rendering.ts';
import { createSearch, type Search } from './search.ts';
import type { TerminalHandle } from './terminal-handle.ts';
import { isOver } from './typing.ts';

/** What the app changes while the terminal lives. */
export interface LiveGiven {
  readonly settings: TerminalSettings;
  readonly theme: Theme;
  readonly visible: boolean;
  readonly state: TerminalState;
}

interface LiveParts {
  readonly bridge: Pick<Bridge, 'terminal' | 'call'>;
  readonly terminalId: string;
  /** Empty, and shown: the screen fills it. */
  readonly element: HTMLElement;
  readonly given: LiveGiven;
  readonly now: () => Moment;
  readonly after: Timer;
  readonly titled: (title: string) => void;
  readonly notice: (text: string) => void;
  /** The session is over, and the person wants it again. */
  readonly again: () => void;
}

export interface LiveTerminal {
  readonly store: StoreApi<LiveState>;
  readonly handle: TerminalHandle;
  readonly search: Search;
  readonly pasting: Pasting;
  change(given: LiveGiven): void;
  answerKept(send: boolean): void;
  /** To a program's wish for the clipboard. `always`: it is not asked about again here. */
  answerClipboard(answer: 'once' | 'always' | 'no'): void;
  endSearch(): void;
  dismissDiscarded(): void;
  /** What is selected, where that is of one line. */
  selectedText(): string;
  /** Whether the cursor is in the upper half of the screen. */
  isCursorAbove(): boolean;
  /** Whether the program in it takes the mouse. */
  takesMouse(): boolean;
  dispose(): void;
}

export function openLiveTerminal(parts: LiveParts): LiveTerminal {
  const { element, bridge } = parts;
  let given = parts.given;
  let clipboardTrusted = false;
  const store = createStore<LiveState>(() => INITIAL);
  const set = store.setState;
  const encoder = new TextEncoder();

  const links = createLinks({
    open: (url) => void bridge.call('links.open', { url }),
    pointed: (linkTarget) => set({ linkTarget }),
  });
  const clipboard = createClipboard({ bridge, notice: parts.notice });
  const emulator = createEmulator(given, links);
  const { terminal } = emulator;
  terminal.open(element);
  const rendering = createRendering({ terminal, element, after: parts.after });
  const session = createLiveSession({
    ...parts,
    emulator,
    store,
    open: () => bridge.terminal(parts.terminalId),
    state: () => given.state.at,
    isVisible: () => given.visible,
  });
  const search = createSearch({ addon: emulator.search, theme: () => given.theme, found: (found) => set({ found }) });

  const type = (data: string): void => {
    if (!rendering.isSwitching()) session.data(data, encoder.encode(data));
  };
  terminal.onData(type);
  terminal.onBinary((data) =>
    session.data(
      data,
      Uint8Array.from(data, (char) => char.charCodeAt(0)),
    ),
  );
  const pasting = createPasting({
    isTaken: () => session.takesInput(),
    guarded: () => given.settings.paste_guard,
    bracketed: () => terminal.modes.bracketedPasteMode,
    ask: (paste) => set({ paste }),
    send(text) {
      type(text);
      terminal.scrollToBottom();
    },
    refused: parts.notice,
  });
  const endCatching = catchPastes(element, (text) => pasting.paste(text));

  listenToProgram(terminal, () => !session.isReplay(), {
    titled: parts.titled,
    rang() {
      if (given.settings.bell === 'visual') set(({ bells }) => ({ bells: bells + 1 }));
    },
    wantsClipboard(text) {
      if (!session.inControl()) return;
      if (clipboardTrusted) clipboard.copyQuietly(text);
      else set({ clipboard: text });
    },
  });
  terminal.onSelectionChange(() => {
    const isCopied = given.settings.copy_on_select && store.getState().finding === 0 && terminal.hasSelection();
    if (isCopied) clipboard.copyQuietly(terminal.getSelection());
  });
  terminal.attachCustomKeyEventHandler((event) => {
    const isAgain = event.type === 'keydown' && event.key === 'Enter' && !event.isComposing;
    if (!isAgain || (given.state.at !== 'ended' && given.state.at !== 'failed')) return true;
    event.preventDefault();
    parts.again();
    return false;
  });

  const show = (): void => {
    if (given.visible) rendering.show(given.settings.renderer === 'auto');
    else rendering.hide();
  };
  show();
  session.measure();

  return {
    store,
    search,
    pasting,
    handle: createHandle({
      terminal,
      clipboard,
      pasting,
      search,
      store,
      bridge,
      settings: () => given.settings,
      isOver: () => isOver(given.state.at),
      take: () => session.send({ type: 'take' }),
      retry: () => session.retry(),
    }),
    change(next) {
      const before = given;
      given = next;
      const isSame = next.settings === before.settings && next.theme === before.theme;
      if (!isSame) emulator.apply(next);
      if (next.visible !== before.visible) session.send({ type: 'visible', visible: next.visible });
      if (isSame && next.visible === before.visible) return;
      show();
      session.measure();
    },
    answerKept(send) {
      set({ kept: null });
      session.send({ type: 'kept', send });
    },
    answerClipboard(answer) {
      const { clipboard: text } = store.getState();
      set({ clipboard: null });
      clipboardTrusted ||= answer === 'always';
      if (answer !== 'no' && text !== null) clipboard.copy(text);
    },
    endSearch() {
      search.end();
      set({ finding: 0, found: INITIAL.found });
      terminal.focus();
    },
    dismissDiscarded: () => set({ discarded: 0 }),
    selectedText() {
      const text = terminal.getSelection();
      return text.includes('\n') ? '' : text;
    },
    isCursorAbove: () => terminal.buffer.active.cursorY < terminal.rows / 2,
    takesMouse: () => terminal.modes.mouseTrackingMode !== 'none',
    dispose() {
      endCatching();
      search.dispose();
      session.dispose();
      rendering.dispose();
      emulator.dispose();
    },
  };
}
