/** The menu of a tab. */
import { Columns2, Copy, Palette, PenLine, Pin, PinOff, Rows2, X } from 'lucide-react';
import type { MenuEntry } from '../../ui/menu-entry.ts';
import type { ActionId } from '../actions/catalogue.ts';
import type { OpenDialog } from '../dialogs.ts';
import type { Dock } from './dock.ts';
import { tabColours, type TabColour } from './panel-params.ts';

interface TabMenuOf {
  readonly dock: Dock;
  readonly panel: string;
  readonly openDialog: (dialog: OpenDialog) => void;
  readonly chord: (action: ActionId) => string;
}

const colourNames: Readonly<Record<TabColour, string>> = {
  none: 'No colour',
  red: 'Red',
  orange: 'Orange',
  green: 'Green',
  blue: 'Blue',
  purple: 'Purple',
};

export function tabMenu({ dock, panel, openDialog, chord }: TabMenuOf): readonly MenuEntry[] {
  const params = dock.paramsOf(panel);
  const close: MenuEntry = {
    label: 'Close',
    icon: <X />,
    chord: chord('tab.close'),
    onSelect: () => dock.close(panel),
  };
  if (params?.kind !== 'terminal') return [close];
  const current = params.colour ?? 'none';
  return [
    {
      label: 'New session on this machine',
      icon: <Copy />,
      chord: chord('tab.duplicate'),
      onSelect: () => dock.duplicate('tab', panel),
    },
    {
      label: 'New session at the right',
      icon: <Columns2 />,
      chord: chord('tab.split-right'),
      onSelect: () => dock.duplicate('right', panel),
    },
    {
      label: 'New session below',
      icon: <Rows2 />,
      chord: chord('tab.split-down'),
      onSelect: () => dock.duplicate('below', panel),
    },
    'separator',
    { label: 'Rename…', icon: <PenLine />, onSelect: () => openDialog({ is: 'rename-tab', panel }) },
    {
      label: params.pinned ? 'Unpin' : 'Pin',
      icon: params.pinned ? <PinOff /> : <Pin />,
      onSelect: () => dock.pin(panel, !params.pinned),
    },
    'separator',
    ...tabColours.map((colour) => ({
      label: colourNames[colour],
      icon: colour === 'none' ? <Palette /> : <span className="dock-colour" data-colour={colour} />,
      checked: colour === current,
      onSelect: () => dock.colour(panel, colour),
    })),
    'separator',
    close,
  ];
}
