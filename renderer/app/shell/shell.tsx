/** The window of somebody who is signed in: pages at the left, machines beside them, tabs in the middle, the state below. */
import type { Ref } from 'react';
import { useLayout, useStores } from '../../state/context.tsx';
import { DockView } from '../dock/dock-view.tsx';
import { ActivityBar } from './activity-bar.tsx';
import { NoticesBar } from './notices-bar.tsx';
import { useRoomForList } from './room-for-list.ts';
import './shell.css';
import { Sidebar } from './sidebar.tsx';
import { StatusBar } from './status-bar.tsx';

export function Shell({ filterRef }: { readonly filterRef: Ref<HTMLInputElement> }) {
  useRoomForList(useStores().layout);
  const sidebarOpen = useLayout((state) => state.sidebar.open);
  return (
    <div className="shell">
      <NoticesBar />
      <div className="shell-middle">
        <ActivityBar />
        {sidebarOpen && <Sidebar filterRef={filterRef} />}
        <main className="shell-main" aria-label="Tabs">
          <DockView />
        </main>
      </div>
      <StatusBar />
    </div>
  );
}
