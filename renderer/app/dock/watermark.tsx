/** What stands in the middle while no tab is open: where one was last, and how to get anywhere. */
import { SquareTerminal } from 'lucide-react';
import { useActiveAccount, useLayout, useMachines, useSettings } from '../../state/context.tsx';
import { machinesOf } from '../../state/machines.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Mark } from '../../ui/mark.tsx';
import { shownChord } from '../actions/chords.ts';
import { useServices } from '../services.tsx';

const RECENTS = 5;
const hints = [
  ['palette.open', 'Find a machine, a page, an action'],
  ['page.machines', 'All machines'],
  ['sidebar.toggle', 'Machine list'],
] as const;

export function Watermark() {
  const { dock, platform, perform } = useServices();
  const chosen = useSettings((settings) => settings.shortcuts);
  const account = useActiveAccount()?.account;
  const recents = useLayout((state) => state.recents);
  const machines = useMachines((state) => machinesOf(state, account));
  const known = recents
    .filter((ref) => ref.account === account)
    .flatMap((ref) => {
      const machine = machines.byId.get(ref.agent_id);
      return machine ? [{ ref, machine }] : [];
    })
    .slice(0, RECENTS);
  return (
    <div className="dock-empty">
      <Mark />
      <h2>No tab is open</h2>
      {known.length > 0 && (
        <ul className="dock-recents" aria-label="Recent machines">
          {known.map(({ ref, machine }) => (
            <li key={ref.agent_id}>
              <Button
                icon={<SquareTerminal />}
                disabled={machine.status !== 'online'}
                onClick={() => dock.openTerminal(ref)}
              >
                {machine.name}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <ul className="dock-hints">
        {hints.map(([action, words]) => (
          <li key={action}>
            <button type="button" onClick={() => perform(action)}>
              {words}
            </button>
            <Kbd chord={shownChord(action, chosen, platform)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
