/** The actions of a terminal, as keys, menus and the palette use them. */
import type { Terminal } from '@xterm/xterm';
import type { StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../protocol/bridge/bridge.ts';
import type { WindowClipboard } from './clipboard.ts';
import type { TerminalSettings } from './emulator-options.ts';
import type { LiveState } from './live-state.ts';
import type { Pasting } from './pasting.ts';
import type { Search } from './search.ts';
import type { TerminalAction, TerminalHandle } from './terminal-handle.ts';
import { zoomed, type ZoomAction } from './zoom.ts';

interface HandleParts {
  readonly terminal: Terminal;
  readonly clipboard: WindowClipboard;
  readonly pasting: Pasting;
  readonly search: Search;
  readonly store: StoreApi<LiveState>;
  readonly bridge: Pick<Bridge, 'call'>;
  readonly settings: () => TerminalSettings;
  readonly isOver: () => boolean;
  readonly take: () => void;
  readonly retry: () => void;
}

export function createHandle(parts: HandleParts): TerminalHandle {
  const { terminal, store } = parts;
  const zoom = (action: ZoomAction) => () => {
    const font_size = zoomed(parts.settings().font_size, action);
    void parts.bridge.call('settings.update', { terminal: { font_size } });
  };
  const actions: Readonly<Record<TerminalAction, () => void>> = {
    copy: () => parts.clipboard.copy(terminal.getSelection()),
    paste: () => parts.clipboard.read((text) => parts.pasting.paste(text)),
    'select-all': () => terminal.selectAll(),
    find: () => store.setState(({ finding }) => ({ finding: finding + 1 })),
    'find-next': () => parts.search.next(),
    'find-previous': () => parts.search.previous(),
    'zoom-in': zoom('zoom-in'),
    'zoom-out': zoom('zoom-out'),
    'zoom-reset': zoom('zoom-reset'),
    clear: () => terminal.clear(),
    'scroll-to-top': () => terminal.scrollToTop(),
    'scroll-to-bottom': () => terminal.scrollToBottom(),
    'take-control': parts.take,
    retry: parts.retry,
  };
  const can = (action: TerminalAction): boolean => {
    const { mode, finding, port } = store.getState();
    switch (action) {
      case 'copy':
        return terminal.hasSelection();
      case 'paste':
        return mode !== 'view' && !parts.isOver();
      case 'find-next':
      case 'find-previous':
        return finding > 0;
      case 'take-control':
        return mode === 'view' && !parts.isOver();
      case 'retry':
        return port !== 'opening' && !parts.isOver();
      case 'select-all':
      case 'find':
      case 'zoom-in':
      case 'zoom-out':
      case 'zoom-reset':
      case 'clear':
      case 'scroll-to-top':
      case 'scroll-to-bottom':
        return true;
    }
  };
  return {
    focus: () => terminal.focus(),
    can,
    perform(action) {
      if (can(action)) actions[action]();
    },
  };
}
