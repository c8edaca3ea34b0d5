/** The machines beside the dock: live, filtered as one types, in groups. */
import { FolderTree, PanelLeftClose, Plus } from 'lucide-react';
import { useDeferredValue, useMemo, useRef, useState, type Ref } from 'react';
import type { Machine } from '../../protocol/api/machines.ts';
import { useActiveAccount, useLayout, useMachines, useStores } from '../state/context.tsx';
import { inOrder } from '../state/keyed-list.ts';
import { favouriteToggled, foldToggled, isFavourite, sidebarChanged, type MachineRef } from '../state/layout.ts';
import { listView } from '../state/list-view.ts';
import { found } from '../state/machine-search.ts';
import { machinesOf } from '../state/machines.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { canOpen, type MachineActions } from './machine-actions.ts';
import './machine-list.css';
import { listRows } from './machine-list-rows.ts';
import { MachineTree, type TreeHandle } from './machine-tree.tsx';
import { machineMenu } from './machine-menu.tsx';

interface MachineListProps {
  readonly actions: MachineActions;
  readonly onHide: () => void;
  readonly hideChord: string;
  /** The field to filter in, for the shortcut that goes there. */
  readonly filterRef: Ref<HTMLInputElement>;
}

const nothingFound = (filtering: boolean) => (filtering ? 'Nothing matches.' : 'No machines yet.');

export function MachineList({ actions, onHide, hideChord, filterRef }: MachineListProps) {
  const stores = useStores();
  const account = useActiveAccount();
  const id = account?.account ?? '';
  const list = useMachines((state) => machinesOf(state, id));
  const layout = useLayout((state) => state);
  const [filter, setFilter] = useState('');
  const query = useDeferredValue(filter);
  const tree = useRef<TreeHandle>(null);
  const view = listView(list, account);
  const filtering = query.trim() !== '';
  const rows = useMemo(
    () =>
      listRows({
        machines: found(inOrder(list), query),
        filtering,
        byTag: layout.sidebar.byTag,
        folded: layout.sidebar.folded,
        favourites: layout.favourites.filter((ref) => ref.account === id),
        recents: layout.recents.filter((ref) => ref.account === id),
      }),
    [list, query, filtering, layout, id],
  );
  const refOf = (machine: Machine): MachineRef => ({ account: id, agent_id: machine.agent_id });
  const openable = (machine: Machine) => canOpen(machine, view.at === 'live');
  const open = (machine: Machine) =>
    openable(machine) ? actions.openTerminal(refOf(machine)) : actions.openDetails(refOf(machine));
  const toggleFavourite = (machine: Machine) =>
    stores.layout.setState((state) => favouriteToggled(state, refOf(machine)));

  return (
    <div className="machine-list">
      <header className="machine-list-header">
        <h2>Machines</h2>
        <IconButton label="Add machine" icon={<Plus />} size="sm" onClick={actions.add} />
        <IconButton
          label="Group by tag"
          icon={<FolderTree />}
          size="sm"
          pressed={layout.sidebar.byTag}
          onClick={() => stores.layout.setState((state) => sidebarChanged(state, { byTag: !state.sidebar.byTag }))}
        />
        <IconButton label="Hide machine list" icon={<PanelLeftClose />} size="sm" chord={hideChord} onClick={onHide} />
      </header>
      <div className="machine-list-filter">
        <SearchField
          ref={filterRef}
          label="Filter machine list"
          placeholder="Filter"
          value={filter}
          onChange={setFilter}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' || event.key === 'Enter') {
              event.preventDefault();
              tree.current?.enter(event.key === 'Enter');
            }
          }}
        />
      </div>
      {view.at === 'loading' && <Skeleton rows={8} label="Loading machines" />}
      {view.at === 'failed' && <p className="machine-list-none">The machines could not be loaded.</p>}
      {view.at !== 'loading' && view.at !== 'failed' && rows.length === 0 && (
        <p className="machine-list-none">{nothingFound(filtering)}</p>
      )}
      {rows.length > 0 && (
        <MachineTree
          ref={tree}
          rows={rows}
          stale={view.at === 'stale'}
          isFavourite={(machine) => isFavourite(layout, refOf(machine))}
          openable={openable}
          onOpen={open}
          onFavourite={toggleFavourite}
          onFold={(group) => stores.layout.setState((state) => sidebarChanged(state, foldToggled(state, group)))}
          menuOf={(machine) =>
            machineMenu({
              machine,
              ref: refOf(machine),
              actions,
              openable: openable(machine),
              favourite: isFavourite(layout, refOf(machine)),
              onFavourite: () => toggleFavourite(machine),
            })
          }
        />
      )}
    </div>
  );
}
