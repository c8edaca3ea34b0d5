/** Keeps the dock in step with what is remembered of it, and with the terminals that are there. */
import type { DockviewApi, IDockviewPanel, SerializedDockview } from 'dockview-react';
import { z } from 'zod';
import type { LayoutStore } from '../../state/layout.ts';
import type { Stores } from '../../state/stores.ts';
import type { Terminals, TerminalsStore } from '../../state/terminals.ts';
import { pageTitles, type PanelParams } from './panel-params.ts';
import { reconciled } from './reconcile.ts';
import { terminalTitle, titleLine } from './tab-title.ts';

/** Its shape is the dock's own matter: whether it can be used, the dock says by throwing. */
const serialized = z.custom<SerializedDockview>(
  (value) => z.object({ grid: z.object({}), panels: z.record(z.string(), z.unknown()) }).safeParse(value).success,
);

function bringBack(api: DockviewApi, saved: unknown): void {
  const layout = serialized.safeParse(saved);
  if (!layout.success) return;
  try {
    api.fromJSON(layout.data);
  } catch (error) {
    // A layout of another version: the terminals come back anyway, in one group.
    console.warn('The layout could not be brought back:', error);
    api.clear();
  }
}

/** Brings the tabs back, those that still stand for something, and gives each living terminal a tab. */
export function restore(api: DockviewApi, { layout, terminals }: Pick<Stores, 'layout' | 'terminals'>): void {
  const saved = layout.getState().dock;
  bringBack(api, saved);
  const { drop, add } = reconciled(api.panels, terminals.getState().byId);
  for (const id of drop) {
    const panel = api.getPanel(id);
    if (panel) api.removePanel(panel);
  }
  for (const { terminal, machine_name: title } of add)
    api.addPanel({ id: `terminal:${terminal}`, component: 'panel', title, params: { kind: 'terminal', terminal } });
  if (saved === null && api.totalPanels === 0) {
    const params: PanelParams = { kind: 'page', page: 'machines' };
    api.addPanel({ id: JSON.stringify(params), component: 'panel', title: pageTitles.machines, params });
  }
}

export function saveChanges(api: DockviewApi, layout: LayoutStore, signal: AbortSignal): void {
  const save = () => layout.setState({ dock: api.toJSON() });
  const change = api.onDidLayoutChange(save);
  const panels = new Map<string, { dispose(): void }>();
  const watch = (panel: IDockviewPanel) => panels.set(panel.id, panel.api.onDidParametersChange(save));
  for (const panel of api.panels) watch(panel);
  const added = api.onDidAddPanel(watch);
  const removed = api.onDidRemovePanel(({ id }) => {
    panels.get(id)?.dispose();
    panels.delete(id);
  });
  const end = () => {
    for (const each of [change, added, removed, ...panels.values()]) each.dispose();
  };
  signal.addEventListener('abort', end, { once: true });
}

type Read = (panel: IDockviewPanel) => PanelParams | null;

/** Calls a tab after its terminal, or as the person named it. */
export function nameTab(panel: IDockviewPanel, { byId }: Terminals, read: Read): void {
  const params = read(panel);
  const terminal = params?.kind === 'terminal' ? byId.get(params.terminal) : undefined;
  if (!terminal || params?.kind !== 'terminal') return;
  const title = titleLine(terminalTitle(terminal, params.name));
  if (panel.title !== title) panel.api.setTitle(title);
}

/** Tabs follow the names of their terminals; a terminal that is gone takes its tab with it. */
export function followTerminals(api: DockviewApi, terminals: TerminalsStore, read: Read, signal: AbortSignal): void {
  const isGone = (panel: IDockviewPanel, now: Terminals, before: Terminals) => {
    const params = read(panel);
    return params?.kind === 'terminal' && !now.byId.has(params.terminal) && before.byId.has(params.terminal);
  };
  const nameAll = () => {
    for (const panel of api.panels) nameTab(panel, terminals.getState(), read);
  };
  nameAll();
  const stop = terminals.subscribe((now, before) => {
    for (const panel of api.panels.filter((each) => isGone(each, now, before))) api.removePanel(panel);
    nameAll();
  });
  const added = api.onDidAddPanel((panel) => nameTab(panel, terminals.getState(), read));
  signal.addEventListener(
    'abort',
    () => {
      stop();
      added.dispose();
    },
    { once: true },
  );
}
