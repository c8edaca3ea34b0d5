/** The buttons beside the tabs of a group. */
import type { IDockviewHeaderActionsProps } from 'dockview-react';
import { Columns2, Plus } from 'lucide-react';
import { useSettings, useTerminals } from '../../state/context.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { shownChord } from '../actions/chords.ts';
import { useServices } from '../services.tsx';
import { panelParams } from './panel-params.ts';

/** Opens the palette, which opens terminals. */
export function NewTabButton({ group }: IDockviewHeaderActionsProps) {
  const { perform, platform } = useServices();
  const chosen = useSettings((settings) => settings.shortcuts);
  return (
    <div className="dock-buttons">
      <IconButton
        label="Open a terminal"
        icon={<Plus />}
        size="sm"
        chord={shownChord('palette.open', chosen, platform)}
        onClick={() => {
          group.api.setActive();
          perform('palette.open');
        }}
      />
    </div>
  );
}

export function SplitButton({ activePanel }: IDockviewHeaderActionsProps) {
  const { dock, platform } = useServices();
  const chosen = useSettings((settings) => settings.shortcuts);
  const params = panelParams.safeParse(activePanel?.params).data;
  const there = useTerminals((state) => params?.kind === 'terminal' && state.byId.has(params.terminal));
  if (!activePanel || !there) return null;
  return (
    <div className="dock-buttons">
      <IconButton
        label="New session at the right"
        icon={<Columns2 />}
        size="sm"
        chord={shownChord('tab.split-right', chosen, platform)}
        onClick={() => dock.duplicate('right', activePanel.id)}
      />
    </div>
  );
}
