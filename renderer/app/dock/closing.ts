/** Closing a tab, and for a short while taking that back. */
import type { DockviewApi, IDockviewPanel } from 'dockview-react';
import type { Bridge } from '../../../protocol/bridge/bridge.ts';
import type { Terminal } from '../../../protocol/bridge/events.ts';
import type { MachineRef } from '../../state/layout.ts';
import { isLive } from '../../state/terminals.ts';
import type { Toasts } from '../../ui/toast.tsx';
import type { PanelParams } from './panel-params.ts';
import { terminalTitle } from './tab-title.ts';

/** How many closed tabs are remembered. */
const REMEMBERED = 10;

interface Closed {
  readonly terminal: Terminal;
  readonly params: PanelParams;
  readonly title: string;
  readonly group: string;
  readonly index: number;
  /** Until then its session still runs. Milliseconds since the epoch. */
  readonly keptUntil: number;
}

interface ClosingParts {
  readonly bridge: Pick<Bridge, 'call'>;
  readonly toasts: Toasts;
  readonly now: () => number;
  readonly dock: () => DockviewApi | null;
  readonly read: (panel: IDockviewPanel) => PanelParams | null;
  readonly terminalOf: (panel: IDockviewPanel) => Terminal | null;
  readonly openAgain: (ref: MachineRef) => void;
}

export interface Closing {
  close(panel: IDockviewPanel): Promise<void>;
  /** Brings the tab back that was closed last: its session while that still runs, else a new one on its machine. */
  reopen(): void;
}

export function createClosing({ bridge, toasts, now, dock, read, terminalOf, openAgain }: ClosingParts): Closing {
  const closed: Closed[] = [];

  const putBack = ({ params, title, group, index, terminal }: Closed) => {
    const api = dock();
    const there = api?.getGroup(group);
    const position = there && { position: { referenceGroup: group, direction: 'within' as const, index } };
    api?.addPanel({ id: `terminal:${terminal.terminal}`, component: 'panel', title, params, ...position });
  };
  const takeBack = async (tab: Closed) => {
    closed.splice(closed.indexOf(tab), 1);
    const kept = await bridge.call('terminals.keep', { terminal: tab.terminal.terminal });
    if (kept.ok) putBack(tab);
    else toasts.show({ text: kept.failure.message, tone: 'danger' });
  };

  return {
    async close(panel) {
      const api = dock();
      const terminal = terminalOf(panel);
      const params = read(panel);
      const place = { title: panel.title ?? '', group: panel.group.id, index: panel.group.panels.indexOf(panel) };
      api?.removePanel(panel);
      if (!terminal || params?.kind !== 'terminal') return;
      const answer = await bridge.call('terminals.close', { terminal: terminal.terminal });
      // One that is over already has nothing to take back.
      if (!isLive(terminal.state)) return;
      const undoMs = answer.ok ? answer.value.undo_ms : 0;
      const tab: Closed = { terminal, params, ...place, keptUntil: now() + undoMs };
      closed.push(tab);
      closed.splice(0, closed.length - REMEMBERED);
      if (undoMs > 0)
        toasts.show({
          text: `Closed ${terminalTitle(terminal, params.name).main}. Its session ends now.`,
          timeoutMs: undoMs,
          action: { label: 'Undo', onAction: () => void takeBack(tab) },
        });
    },
    reopen() {
      const last = closed.at(-1);
      if (!last) return;
      if (now() < last.keptUntil) void takeBack(last);
      else {
        closed.pop();
        openAgain({ account: last.terminal.account, agent_id: last.terminal.agent_id });
      }
    },
  };
}
