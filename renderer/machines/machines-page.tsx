/** All machines of an account, as a table for thousands. */
import { MonitorUp, Plus, SquareTerminal } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { Machine } from '../../protocol/api/machines.ts';
import { useActiveAccount, useBridge, useLayout, useMachines, useStores, useTime } from '../state/context.tsx';
import { inOrder } from '../state/keyed-list.ts';
import { favouriteToggled, isFavourite, type MachineRef } from '../state/layout.ts';
import { listView } from '../state/list-view.ts';
import { found } from '../state/machine-search.ts';
import { machinesOf } from '../state/machines.ts';
import { Button } from '../ui/button.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { count } from '../ui/format.ts';
import { ageOf, ListFrame, ListRetry } from '../ui/list-frame.tsx';
import { Page } from '../ui/page.tsx';
import { nothingSelected, type RowSelection } from '../ui/row-selection.ts';
import { SearchField } from '../ui/search-field.tsx';
import { StateView } from '../ui/state-view.tsx';
import type { Sort } from '../ui/table-model.ts';
import { canOpen, type MachineActions } from './machine-actions.ts';
import { machineColumns } from './machine-cells.tsx';
import { machineMenu } from './machine-menu.tsx';
import { sorted } from './machine-sort.ts';
import { statusSummary } from './machine-words.ts';
import './machines.css';

interface MachinesPageProps {
  readonly actions: MachineActions;
  readonly onSignIn: () => void;
}

function NoMachines({ filter, onClear, onAdd }: { filter: string; onClear: () => void; onAdd: () => void }) {
  return filter.trim() === '' ? (
    <StateView
      icon={<MonitorUp />}
      title="No machines yet"
      action={
        <Button variant="primary" icon={<Plus />} onClick={onAdd}>
          Add machine
        </Button>
      }
    >
      Add the first one: you get a command that makes it reachable, and watch it come online here.
    </StateView>
  ) : (
    <StateView
      title={`Nothing matches “${filter.trim()}”`}
      action={<Button onClick={onClear}>Show all machines</Button>}
    >
      Names, host names, addresses, systems, tags and states are searched.
    </StateView>
  );
}

export function MachinesPage({ actions, onSignIn }: MachinesPageProps) {
  const stores = useStores();
  const bridge = useBridge();
  const signedIn = useActiveAccount();
  const account = signedIn?.account ?? '';
  const list = useMachines((state) => machinesOf(state, account));
  const layout = useLayout((state) => state);
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<Sort>({ column: 'name', descending: false });
  const [selection, setSelection] = useState<RowSelection>(nothingSelected);
  const view = listView(list, signedIn);
  const live = view.at === 'live';
  const query = useDeferredValue(filter);
  const all = useMemo(() => inOrder(list), [list]);
  const rows = useMemo(() => sorted(found(all, query), sort), [all, query, sort]);
  const refOf = (machine: Machine): MachineRef => ({ account, agent_id: machine.agent_id });
  const columns = useMemo(
    () =>
      machineColumns((machine) =>
        canOpen(machine, live) ? () => actions.openTerminal({ account, agent_id: machine.agent_id }) : undefined,
      ),
    [actions, account, live],
  );
  const chosen = rows.filter((machine) => selection.keys.has(machine.agent_id) && canOpen(machine, live));

  return (
    <Page
      title="Machines"
      width="full"
      aside={all.length > 0 && statusSummary(all)}
      actions={
        <>
          <SearchField label="Filter machines" placeholder="Filter" value={filter} onChange={setFilter} />
          <Button variant="primary" icon={<Plus />} onClick={actions.add}>
            Add machine
          </Button>
        </>
      }
    >
      {selection.keys.size > 0 && (
        <div className="machines-selected" role="toolbar" aria-label="Selected machines">
          <span>{count(selection.keys.size, 'machine')} selected</span>
          <Button
            size="sm"
            icon={<SquareTerminal />}
            disabled={chosen.length === 0}
            onClick={() => actions.openAll(chosen.map(refOf))}
          >
            Open {count(chosen.length, 'terminal')}
          </Button>
          <Button size="sm" variant="ghost" onClick={() => setSelection(nothingSelected)}>
            Clear selection
          </Button>
        </div>
      )}
      <ListFrame
        view={view}
        age={useTime((now) => ageOf(view, now))}
        loading="Loading machines"
        failed="The machines could not be loaded"
        action={
          <ListRetry
            signIn={signedIn?.state === 'expired' ? onSignIn : undefined}
            onRetry={() => void bridge.call('machines.refresh', { account })}
          />
        }
      >
        <DataTable
          label="Machines"
          columns={columns}
          rows={rows}
          keyOf={(machine) => machine.agent_id}
          nameOf={(machine) => machine.name}
          sort={sort}
          onSort={setSort}
          ticking={{ selection, onChange: setSelection }}
          stale={!live}
          onOpen={(machine) =>
            canOpen(machine, live) ? actions.openTerminal(refOf(machine)) : actions.openDetails(refOf(machine))
          }
          menuOf={(machine) =>
            machineMenu({
              machine,
              ref: refOf(machine),
              actions,
              openable: canOpen(machine, live),
              favourite: isFavourite(layout, refOf(machine)),
              onFavourite: () => stores.layout.setState((state) => favouriteToggled(state, refOf(machine))),
            })
          }
          empty={<NoMachines filter={query} onClear={() => setFilter('')} onAdd={actions.add} />}
        />
      </ListFrame>
    </Page>
  );
}
