/** The machine list beside the dock, as wide as one likes. */
import { useState, type KeyboardEvent, type PointerEvent, type Ref } from 'react';
import { MachineList } from '../../machines/machine-list.tsx';
import { useLayout, useSettings, useStores } from '../../state/context.tsx';
import { sidebarChanged } from '../../state/layout.ts';
import { shownChord } from '../actions/chords.ts';
import { useMachineActions } from '../feature-actions.ts';
import { useServices } from '../services.tsx';
import './sidebar.css';

const LEAST = 180;
const MOST = 480;
const KEY_STEP = 16;
const within = (width: number) => Math.min(MOST, Math.max(LEAST, Math.round(width)));

export function Sidebar({ filterRef }: { readonly filterRef: Ref<HTMLInputElement> }) {
  const { perform, platform } = useServices();
  const actions = useMachineActions();
  const width = useLayout((state) => state.sidebar.width);
  const chosen = useSettings((settings) => settings.shortcuts);
  return (
    <aside className="sidebar" style={{ width }} aria-label="Machine list">
      <MachineList
        actions={actions}
        onHide={() => perform('sidebar.toggle')}
        hideChord={shownChord('sidebar.toggle', chosen, platform)}
        filterRef={filterRef}
      />
      <Sash width={width} />
    </aside>
  );
}

/** The edge that is dragged, or moved with the arrows. */
function Sash({ width }: { readonly width: number }) {
  const stores = useStores();
  const [from, setFrom] = useState<number | null>(null);
  const resize = (to: number) => stores.layout.setState((state) => sidebarChanged(state, { width: within(to) }));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    resize(width + step);
  };
  const onPointerDown = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setFrom(event.clientX - width);
  };
  return (
    <input
      type="range"
      className="sidebar-sash"
      aria-label="Width of the machine list"
      aria-orientation="vertical"
      min={LEAST}
      max={MOST}
      value={width}
      data-dragging={from !== null || undefined}
      onChange={(event) => resize(Number(event.target.value))}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => (from === null ? undefined : resize(event.clientX - from))}
      onPointerUp={() => setFrom(null)}
      onPointerCancel={() => setFrom(null)}
    />
  );
}
