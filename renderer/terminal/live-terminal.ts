/** One terminal that lives in the window: its emulator, its stream, and all that the person does with it, wired together. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { TerminalState } from '../../protocol/bridge/events.ts';
import type { ToWindow } from '../../protocol/bridge/terminal.ts';
import type { Moment } from '../../protocol/wire/moment.ts';
import type { Timer } from './acks.ts';
import { createClipboard } from './clipboard.ts';
import { clipboardWish } from './clipboard-wish.ts';
import type { Theme } from './color-scheme.ts';
import { createEmulator } from './emulator.ts';
import type { TerminalSettings } from './emulator-options.ts';
import { createInput } from './input.ts';
import { createLink } from './link.ts';
import { createLinks } from './links.ts';
import { createHandle } from './live-handle.ts';
import { INITIAL, type LiveState } from './live-state.ts';
import { catchPastes } from './paste-ways.ts';
import { createPasting, type Pasting } from './pasting.ts';
import { createRendering } from './rendering.ts';
import { createSearch, type Search } from './search.ts';
import { createSizing } from './sizing.ts';
import { createStream } from './stream.ts';
import type { TerminalHandle } from './terminal-handle.ts';
import { createTitles } from './title.ts';
import { fateOf, isOver } from './typing.ts';

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
  /** Whether the cursor is in the upper half of the screen. */
  isCursorAbove(): boolean;
  /** Whether the program in it takes the mouse. */
  takesMouse(): boolean;
  dispose(): void;
}

export function openLiveTerminal(parts: LiveParts): LiveTerminal {
  const { element, bridge, now, after } = parts;
  let given = parts.given;
  let clipboardTrusted = false;
  const encoder = new TextEncoder();
  const store = createStore<LiveState>(() => INITIAL);
  const set = store.setState;

  const links = createLinks({
    open: (url) => void bridge.call('links.open', { url }),
    pointed: (linkTarget) => set({ linkTarget }),
  });
  const emulator = createEmulator(given, links);
  const { terminal } = emulator;
  const clipboard = createClipboard({ bridge, notice: parts.notice });
  const input = createInput(now);
  terminal.open(element);

  const stream = createStream({
    screen: emulator.screen,
    size: () => sizing.size(),
    now,
    after,
    listener: {
      attached(message) {
        set({ mode: message.mode, kept: null });
        sizing.attached(message.mode, message);
      },
      detached: () => sizing.detached(),
      jumped() {
        if (emulator.screen.alternate && stream.mode() === 'control') sizing.redraw();
      },
      resized: (size) => sizing.given(size),
    },
  });

  const hear = (message: ToWindow): void => {
    if (message.type === 'kept') set({ kept: message.bytes === 0 ? null : message });
    stream.message(message);
  };
  const openLink = () =>
    createLink({
      open: () => bridge.terminal(parts.terminalId),
      after,
      ready(port) {
        stream.connect(port);
        const discarded = input.connect(port);
        set({ port: 'ready', discarded });
        link?.send({ type: 'visible', visible: given.visible });
      },
      lost() {
        stream.lost();
        input.lost();
        set({ port: 'lost' });
      },
      gaveUp: () => set({ port: 'gone' }),
      message: hear,
      frame: (frame) => stream.frame(frame),
    });
  /** Opened when the size is known, so that the session never has a wrong one. */
  let link: ReturnType<typeof createLink> | null = null;
  const sizing = createSizing({
    terminal,
    fit: emulator.fit,
    element,
    after,
    send: (size) => link?.send({ type: 'resize', ...size }),
    firstFitted: () => void (link = openLink()),
  });

  const type = (data: string, bytes: Uint8Array): void => {
    if (emulator.isAnswering()) return stream.answer(data);
    if (rendering.isSwitching()) return;
    const attached = stream.mode() !== null;
    switch (fateOf(data, { state: given.state.at, mode: store.getState().mode, attached })) {
      case 'input':
        if (!input.type(bytes)) set({ refusedKeys: store.getState().refusedKeys + 1 });
        return;
      case 'reply':
        return link?.send({ type: 'reply', data });
      case 'refused':
        return set({ refusedKeys: store.getState().refusedKeys + 1 });
      case 'dropped':
    }
  };
  const typeText = (data: string): void => type(data, encoder.encode(data));
  terminal.onData(typeText);
  terminal.onBinary((data) =>
    type(
      data,
      Uint8Array.from(data, (char) => char.charCodeAt(0)),
    ),
  );

  const pasting = createPasting({
    guarded: () => given.settings.paste_guard,
    bracketed: () => terminal.modes.bracketedPasteMode,
    ask: (paste) => set({ paste }),
    send(text) {
      typeText(text);
      terminal.scrollToBottom();
    },
    refused: parts.notice,
  });
  const endCatching = catchPastes(element, (text) => pasting.paste(text));

  const search = createSearch({ addon: emulator.search, theme: () => given.theme, found: (found) => set({ found }) });
  const rendering = createRendering({ terminal, element, after });
  const titles = createTitles(parts.titled);
  terminal.onTitleChange((title) => titles.titled(title));
  terminal.parser.registerOscHandler(7, (address) => {
    titles.entered(address);
    return true;
  });
  terminal.parser.registerOscHandler(52, (data) => {
    const wish = clipboardWish(data);
    if (wish === null || stream.isReplay() || stream.mode() !== 'control') return true;
    if (clipboardTrusted) clipboard.copyQuietly(wish);
    else set({ clipboard: wish });
    return true;
  });
  terminal.onBell(() => {
    if (given.settings.bell === 'visual' && !stream.isReplay()) set({ bells: store.getState().bells + 1 });
  });
  terminal.onSelectionChange(() => {
    const isSearch = store.getState().finding;
    if (given.settings.copy_on_select && !isSearch && terminal.hasSelection())
      clipboard.copyQuietly(terminal.getSelection());
  });
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown' || event.key !== 'Enter' || event.isComposing) return true;
    if (given.state.at !== 'ended' && given.state.at !== 'failed') return true;
    event.preventDefault();
    parts.again();
    return false;
  });

  const show = (): void => {
    if (given.visible) rendering.show(given.settings.renderer === 'auto');
    else rendering.hide();
    if (given.visible) sizing.request();
  };
  show();

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
      take: () => link?.send({ type: 'take' }),
      retry() {
        link?.retry();
        link?.send({ type: 'retry' });
      },
    }),
    change(next) {
      const before = given;
      given = next;
      if (next.settings !== before.settings || next.theme !== before.theme) emulator.apply(next);
      if (next.visible !== before.visible) link?.send({ type: 'visible', visible: next.visible });
      show();
    },
    answerKept(send) {
      set({ kept: null });
      link?.send({ type: 'kept', send });
    },
    answerClipboard(answer) {
      const wish = store.getState().clipboard;
      set({ clipboard: null });
      if (answer === 'always') clipboardTrusted = true;
      if (answer !== 'no' && wish !== null) clipboard.copy(wish);
    },
    endSearch() {
      search.end();
      set({ finding: false, found: INITIAL.found });
      terminal.focus();
    },
    dismissDiscarded: () => set({ discarded: 0 }),
    isCursorAbove: () => terminal.buffer.active.cursorY < terminal.rows / 2,
    takesMouse: () => terminal.modes.mouseTrackingMode !== 'none',
    dispose() {
      endCatching();
      search.dispose();
      link?.close();
      sizing.dispose();
      rendering.dispose();
      emulator.dispose();
    },
  };
}
