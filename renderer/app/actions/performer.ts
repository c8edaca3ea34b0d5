/** What each action does. */
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import { machineOf as machineAsked } from '../../../protocol/bridge/actions.ts';
import type { TerminalAction } from '../../terminal/terminal-handle.ts';
import { activeAccount } from '../../state/accounts.ts';
import { sidebarChanged } from '../../state/layout.ts';
import type { Stores } from '../../state/stores.ts';
import type { DialogStore } from '../dialogs.ts';
import type { Dock } from '../dock/dock.ts';
import { isActionId, type ActionId } from './catalogue.ts';
import { isInTerminal, terminalActions, type InTerminal } from './terminal-actions.ts';

export interface PerformerParts {
  readonly bridge: Pick<Bridge, 'call'>;
  readonly stores: Stores;
  readonly dock: Dock;
  readonly dialogs: DialogStore;
  /** Puts the keyboard into the filter of the machine list. */
  readonly focusFilter: () => void;
  /** What is on the screen now, whatever the setting says. */
  readonly shownTheme: () => 'light' | 'dark';
}

export interface Performer {
  perform(action: ActionId): void;
  can(action: ActionId): boolean;
  /** What the host asks for by name; a name nobody knows does nothing. */
  request(action: string): void;
}

/** Actions on the machine of the active tab. */
const onTerminalTabs: ReadonlySet<ActionId> = new Set<ActionId>([
  'tab.duplicate',
  'tab.split-right',
  'tab.split-down',
  'tab.rename',
]);

export function createPerformer({ bridge, stores, dock, dialogs, focusFilter, shownTheme }: PerformerParts): Performer {
  const open = dialogs.setState;
  const account = () => activeAccount(stores.accounts.getState())?.account;
  const handle = () => {
    const terminal = dock.activeTerminal();
    return terminal && dock.handles.of(terminal.terminal);
  };
  const inTerminal = (action: TerminalAction) => {
    handle()?.perform(action);
    // The search box wants the keyboard for itself.
    if (action !== 'find') dock.focusTerminal();
  };
  const renameActive = () => {
    const panel = dock.activeId();
    if (panel !== null && dock.activeTerminal()) open({ is: 'rename-tab', panel }, true);
  };
  const signOut = () => {
    const id = account();
    if (id !== undefined) open({ is: 'sign-out', account: id }, true);
  };
  const showSidebar = (change: (isOpen: boolean) => boolean) =>
    stores.layout.setState((state) => sidebarChanged(state, { open: change(state.sidebar.open) }));

  const deeds: Readonly<Record<Exclude<ActionId, InTerminal>, () => void>> = {
    'palette.open': () => open({ is: 'palette' }, true),
    'sidebar.toggle': () => showSidebar((isOpen) => !isOpen),
    'sidebar.filter': () => {
      showSidebar(() => true);
      focusFilter();
    },
    'page.machines': () => dock.openPage('machines'),
    'page.sessions': () => dock.openPage('sessions'),
    'page.workstation': () => dock.openPage('workstation'),
    'page.settings': () => dock.openPage('settings'),
    'machine.add': () => open({ is: 'add-machine' }, true),
    'account.add': () => open({ is: 'sign-in', account: null }, true),
    'account.sign-out': signOut,
    'theme.toggle': () =>
      void bridge.call('settings.update', { appearance: { theme: shownTheme() === 'dark' ? 'light' : 'dark' } }),
    'tab.duplicate': () => dock.duplicate('tab'),
    'tab.split-right': () => dock.duplicate('right'),
    'tab.split-down': () => dock.duplicate('below'),
    'tab.close': () => dock.close(),
    'tab.reopen': () => dock.reopen(),
    'tab.rename': renameActive,
    'tab.next': () => dock.step(1),
    'tab.previous': () => dock.step(-1),
    'split.right': () => dock.goToSplit('right'),
    'split.left': () => dock.goToSplit('left'),
    'split.up': () => dock.goToSplit('up'),
    'split.down': () => dock.goToSplit('down'),
  };

  const showMachine = (agentId: string) => {
    const owner =
      [...stores.machines.getState().byAccount].find(([, list]) => list.byId.has(agentId))?.[0] ?? account();
    if (owner !== undefined) dock.openMachine({ account: owner, agent_id: agentId });
  };
  const perform = (action: ActionId) => (isInTerminal(action) ? inTerminal(terminalActions[action]) : deeds[action]());
  return {
    perform,
    can(action) {
      if (isInTerminal(action)) return handle()?.can(terminalActions[action]) ?? false;
      return !onTerminalTabs.has(action) || dock.activeTerminal() !== null;
    },
    request(action) {
      const machine = machineAsked(action);
      if (machine !== null) showMachine(machine);
      else if (isActionId(action)) perform(action);
    },
  };
}
