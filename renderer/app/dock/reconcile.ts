/** A layout that comes back against the terminals that are really there. Pure. */
import type { Terminal } from '../../../protocol/bridge/events.ts';
import { panelParams, type PanelParams } from './panel-params.ts';

export interface KnownPanel {
  readonly id: string;
  readonly params: unknown;
}

export interface Reconciled {
  /** Panels that stand for nothing any more. */
  readonly drop: readonly string[];
  /** Terminals that have no tab: nothing that lives is lost from sight. */
  readonly add: readonly Terminal[];
}

const readParams = (params: unknown): PanelParams | null => panelParams.safeParse(params).data ?? null;

export function reconciled(panels: readonly KnownPanel[], terminals: ReadonlyMap<string, Terminal>): Reconciled {
  const shown = new Set<string>();
  const drop: string[] = [];
  for (const panel of panels) {
    const params = readParams(panel.params);
    if (params === null) drop.push(panel.id);
    else if (params.kind === 'terminal') {
      const terminal = terminals.get(params.terminal);
      if (!terminal || terminal.state.at === 'closing' || shown.has(params.terminal)) drop.push(panel.id);
      else shown.add(params.terminal);
    }
  }
  const add = [...terminals.values()].filter(({ terminal, state }) => state.at !== 'closing' && !shown.has(terminal));
  return { drop, add };
}
