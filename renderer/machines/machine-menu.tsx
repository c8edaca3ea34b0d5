/** The menu of a machine, the same wherever it stands. */
import { Columns2, Info, Star, StarOff, SquareTerminal, Trash2 } from 'lucide-react';
import type { Machine } from '../../protocol/api/machines.ts';
import type { MachineRef } from '../state/layout.ts';
import type { MenuEntry } from '../ui/menu-entry.ts';
import type { MachineActions } from './machine-actions.ts';

interface MenuOf {
  readonly machine: Machine;
  readonly ref: MachineRef;
  readonly actions: MachineActions;
  readonly openable: boolean;
  readonly favourite: boolean;
  readonly onFavourite: () => void;
}

export function machineMenu({ machine, ref, actions, openable, favourite, onFavourite }: MenuOf): readonly MenuEntry[] {
  const away = openable
    ? {}
    : { disabled: true, hint: machine.status === 'pending' ? 'It has not joined yet' : 'It is offline' };
  return [
    { label: 'Open terminal', icon: <SquareTerminal />, onSelect: () => actions.openTerminal(ref), ...away },
    { label: 'Open beside', icon: <Columns2 />, onSelect: () => actions.openBeside(ref), disabled: !openable },
    'separator',
    { label: 'Details', icon: <Info />, onSelect: () => actions.openDetails(ref) },
    {
      label: favourite ? 'Remove from favourites' : 'Add to favourites',
      icon: favourite ? <StarOff /> : <Star />,
      onSelect: onFavourite,
    },
    'separator',
    { label: 'Remove…', icon: <Trash2 />, danger: true, onSelect: () => actions.remove(ref) },
  ];
}
