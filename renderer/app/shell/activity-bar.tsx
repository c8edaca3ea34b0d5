/** The pages, one click away. */
import { LaptopMinimal, PanelLeft, Rows3, Search, Server, Settings2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useLayout, useSettings, useTerminals, useWorkstation } from '../../state/context.tsx';
import { liveCount } from '../../state/terminals.ts';
import { presentOn } from '../../state/workstation.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Mark } from '../../ui/mark.tsx';
import type { ActionId } from '../actions/catalogue.ts';
import { shownChord } from '../actions/chords.ts';
import { useServices } from '../services.tsx';
import './activity-bar.css';

interface PlaceProps {
  readonly action: ActionId;
  readonly label: string;
  readonly icon: ReactNode;
  readonly pressed?: boolean;
  /** It is the page of the active tab. */
  readonly current?: boolean;
  /** Something to look at: its number. */
  readonly count?: number;
  readonly tone?: 'accent' | 'warning';
}

function Place({ action, label, icon, pressed, current = false, count = 0, tone = 'accent' }: PlaceProps) {
  const { perform, platform } = useServices();
  const chosen = useSettings((settings) => settings.shortcuts);
  return (
    <li className="activity-place">
      <IconButton
        label={label}
        icon={icon}
        side="right"
        chord={shownChord(action, chosen, platform)}
        {...(pressed === undefined ? {} : { pressed })}
        {...(current ? { 'aria-current': 'page' as const } : {})}
        onClick={() => perform(action)}
      />
      {count > 0 && (
        <span className="activity-count" data-tone={tone} aria-hidden="true">
          {count > 99 ? '99+' : count}
        </span>
      )}
    </li>
  );
}

export function ActivityBar() {
  const sidebarOpen = useLayout((state) => state.sidebar.open);
  const live = useTerminals(liveCount);
  const present = useWorkstation((state) => presentOn(state).length);
  const { dock } = useServices();
  const page = useStore(dock.active, ({ params }) => (params?.kind === 'page' ? params.page : null));
  return (
    <nav className="activity-bar" aria-label="Pages">
      <Mark />
      <ul>
        <Place
          action="sidebar.toggle"
          label={sidebarOpen ? 'Hide machine list' : 'Show machine list'}
          icon={<PanelLeft />}
          pressed={sidebarOpen}
        />
        <Place action="palette.open" label="Search everything" icon={<Search />} />
        <Place action="page.machines" label="Machines" icon={<Server />} current={page === 'machines'} />
        <Place action="page.sessions" label="Sessions" icon={<Rows3 />} current={page === 'sessions'} count={live} />
        <Place
          action="page.workstation"
          label="This workstation"
          icon={<LaptopMinimal />}
          current={page === 'workstation'}
          count={present}
          tone="warning"
        />
      </ul>
      <ul className="activity-end">
        <Place action="page.settings" label="Settings" icon={<Settings2 />} current={page === 'settings'} />
      </ul>
    </nav>
  );
}
