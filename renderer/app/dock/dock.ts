/** The tabs and splits in the middle of the window: what opens there, where, and what becomes of it. */
import type { DockviewApi, IDockviewPanel } from 'dockview-react';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Session } from '../../../protocol/api/terminals.ts';
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import type { Terminal } from '../../../protocol/bridge/events.ts';
import { recentAdded, type MachineRef } from '../../state/layout.ts';
import type { Stores } from '../../state/stores.ts';
import { terminalOfSession } from '../../state/terminals.ts';
import type { Toasts } from '../../ui/toast.tsx';
import { createClosing } from './closing.ts';
import { createHandles, type Handles } from './handles.ts';
import { followTerminals, nameTab, restore, saveChanges } from './keeping.ts';
import { pageTitles, panelParams, type PageName, type PanelParams, type TabColour } from './panel-params.ts';
import { estimatedSize } from './terminal-size.ts';

/** Where a new tab goes: among those of the active group, or in a split of its own. */
export type Where = 'tab' | 'right' | 'below';
export type Direction = 'left' | 'right' | 'up' | 'down';

export interface Dock {
  /** Takes over a dock that was just drawn: brings its tabs back, and keeps them. Returns what ends that. */
  attach(api: DockviewApi): () => void;
  openTerminal(ref: MachineRef, where?: Where): void;
  openSession(account: string, session: Session): void;
  openPage(page: PageName): void;
  openMachine(ref: MachineRef): void;
  /** Another session on the machine of a tab; of the active one where none is named. */
  duplicate(where: Where, panelId?: string): void;
  /** A new session in the place of one that is over. */
  again(panelId: string): void;
  /** The active tab where none is named. */
  close(panelId?: string): void;
  reopen(): void;
  step(by: 1 | -1): void;
  goToSplit(direction: Direction): void;
  show(panelId: string): void;
  /** Gives the keyboard to the terminal of the active tab. */
  focusTerminal(): void;
  rename(panelId: string, name: string): void;
  colour(panelId: string, colour: TabColour): void;
  pin(panelId: string, pinned: boolean): void;
  paramsOf(panelId: string): PanelParams | null;
  activeId(): string | null;
  /** What the active tab is, told as it changes. */
  readonly active: StoreApi<ActiveTab>;
  /** The terminal of the active tab. */
  activeTerminal(): Terminal | null;
  readonly handles: Handles;
}

export interface ActiveTab {
  readonly params: PanelParams | null;
}

export interface DockParts {
  readonly bridge: Bridge;
  readonly stores: Stores;
  readonly toasts: Toasts;
  readonly now: () => number;
}

const read = (panel: IDockviewPanel | undefined): PanelParams | null =>
  panelParams.safeParse(panel?.params).data ?? null;

const refOf = ({ account, agent_id }: Terminal): MachineRef => ({ account, agent_id });

export function createDock({ bridge, stores, toasts, now }: DockParts): Dock {
  let api: DockviewApi | null = null;
  const handles = createHandles();
  const active = createStore<ActiveTab>(() => ({ params: null }));
  const panelOf = (id: string | undefined) => (id === undefined ? api?.activePanel : api?.getPanel(id));
  const panelWith = (test: (params: PanelParams) => boolean) =>
    api?.panels.find((panel) => {
      const params = read(panel);
      return params !== null && test(params);
    });
  const terminalOf = (panel: IDockviewPanel | undefined): Terminal | null => {
    const params = read(panel);
    return params?.kind === 'terminal' ? (stores.terminals.getState().byId.get(params.terminal) ?? null) : null;
  };
  const sizeFor = (where: Where) => {
    const { width = 0, height = 0 } = api?.activeGroup?.api ?? api ?? {};
    const area = { width: where === 'right' ? width / 2 : width, height: where === 'below' ? height / 2 : height };
    return estimatedSize(area, stores.settings.getState().settings.terminal);
  };

  const addPanel = (params: PanelParams, title: string, where: Where = 'tab') => {
    const id = params.kind === 'terminal' ? `terminal:${params.terminal}` : JSON.stringify(params);
    const group = api?.activeGroup;
    const direction = where === 'tab' ? 'within' : where;
    api?.addPanel({
      id,
      component: 'panel',
      title,
      params,
      ...(group && { position: { referenceGroup: group, direction } }),
    });
  };
  const showTerminal = (terminal: string, title: string, where: Where) => {
    const shown = panelWith((params) => params.kind === 'terminal' && params.terminal === terminal);
    if (shown) shown.api.setActive();
    else addPanel({ kind: 'terminal', terminal }, title, where);
  };
  /** Pages and machines are there once: opening one again goes to it. */
  const showOnce = (params: PanelParams, title: string) => {
    const id = JSON.stringify(params);
    const shown = api?.getPanel(id);
    if (shown) shown.api.setActive();
    else addPanel(params, title);
  };
  const machineName = ({ account, agent_id }: MachineRef) =>
    stores.machines.getState().byAccount.get(account)?.byId.get(agent_id)?.name ?? 'Machine';

  /** Asks for a new session; null when it could not even be asked for, which is told. */
  const newTerminal = async (ref: MachineRef, where: Where): Promise<string | null> => {
    const answer = await bridge.call('terminals.open', { ...ref, ...sizeFor(where) });
    if (!answer.ok) {
      toasts.show({ text: answer.failure.message, tone: 'danger' });
      return null;
    }
    stores.layout.setState((state) => recentAdded(state, ref));
    return answer.value.terminal;
  };
  const openTerminal = async (ref: MachineRef, where: Where) => {
    const terminal = await newTerminal(ref, where);
    if (terminal !== null) showTerminal(terminal, machineName(ref), where);
  };
  const adopt = async (account: string, { agent_id, session_id, machine_name }: Session) => {
    const input = { account, agent_id, session_id, take: false, ...sizeFor('tab') };
    const answer = await bridge.call('terminals.adopt', input);
    if (answer.ok) showTerminal(answer.value.terminal, machine_name, 'tab');
    else toasts.show({ text: answer.failure.message, tone: 'danger' });
  };
  const update = (panelId: string, change: object) => {
    const panel = panelOf(panelId);
    panel?.api.updateParameters(change);
    if (panel) nameTab(panel, stores.terminals.getState(), read);
  };
  const again = async (panelId: string) => {
    const panel = panelOf(panelId);
    const over = terminalOf(panel);
    const terminal = over && (await newTerminal(refOf(over), 'tab'));
    if (!panel || !over || !terminal) return;
    update(panelId, { terminal });
    void bridge.call('terminals.close', { terminal: over.terminal });
  };

  const focusTerminal = () => {
    const terminal = terminalOf(api?.activePanel);
    if (terminal) handles.of(terminal.terminal)?.focus();
  };

  const closing = createClosing({
    bridge,
    toasts,
    now,
    dock: () => api,
    read,
    terminalOf,
    openAgain: (ref) => void openTerminal(ref, 'tab'),
  });

  return {
    handles,
    active,
    attach(drawn) {
      api = drawn;
      const ending = new AbortController();
      restore(drawn, stores);
      saveChanges(drawn, stores.layout, ending.signal);
      followTerminals(drawn, stores.terminals, read, ending.signal);
      const tellActive = () => active.setState({ params: read(drawn.activePanel) });
      tellActive();
      const change = drawn.onDidActivePanelChange(tellActive);
      // A tab that was dragged has the keyboard; where it lands is drawn in the next frame.
      const moved = drawn.onDidMovePanel(() => requestAnimationFrame(() => requestAnimationFrame(focusTerminal)));
      const end = () => {
        change.dispose();
        moved.dispose();
      };
      ending.signal.addEventListener('abort', end, { once: true });
      return () => {
        ending.abort();
        api = null;
      };
    },
    openTerminal: (ref, where = 'tab') => void openTerminal(ref, where),
    openSession(account, session) {
      const here = terminalOfSession(stores.terminals.getState(), session.session_id);
      if (here) showTerminal(here.terminal, here.machine_name, 'tab');
      else void adopt(account, session);
    },
    openPage: (page) => showOnce({ kind: 'page', page }, pageTitles[page]),
    openMachine: (ref) => showOnce({ kind: 'machine', ...ref }, machineName(ref)),
    duplicate(where, panelId) {
      const terminal = terminalOf(panelOf(panelId));
      if (terminal) void openTerminal(refOf(terminal), where);
    },
    again: (panelId) => void again(panelId),
    close(panelId) {
      const panel = panelOf(panelId);
      if (panel) void closing.close(panel);
    },
    reopen: () => closing.reopen(),
    step(by) {
      const panels = api?.activeGroup?.panels ?? [];
      const at = panels.findIndex((panel) => panel === api?.activePanel);
      panels.at((at + by) % panels.length)?.api.setActive();
    },
    goToSplit(direction) {
      const group = api?.activeGroup && api.adjacentGroupInDirection(api.activeGroup, direction);
      group?.activePanel?.api.setActive();
    },
    show: (panelId) => panelOf(panelId)?.api.setActive(),
    focusTerminal,
    rename: (panelId, name) => update(panelId, { name: name.trim() === '' ? undefined : name.trim() }),
    colour: (panelId, colour) => update(panelId, { colour }),
    pin(panelId, pinned) {
      const panel = panelOf(panelId);
      if (!panel) return;
      const before = panel.group.panels.filter((other) => {
        const params = read(other);
        return other !== panel && params?.kind === 'terminal' && params.pinned;
      });
      panel.api.updateParameters({ pinned });
      panel.api.moveTo({ group: panel.group, index: before.length, skipSetActive: true });
    },
    paramsOf: (panelId) => read(panelOf(panelId)),
    activeId: () => api?.activePanel?.id ?? null,
    activeTerminal: () => terminalOf(api?.activePanel),
  };
}
