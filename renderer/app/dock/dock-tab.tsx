/** What stands on a tab: its state, its name, and a cross. Clicks on the cross are heard by the dock. */
import type { IDockviewPanelHeaderProps } from 'dockview-react';
import { LaptopMinimal, Pin, Rows3, Server, Settings2, SquareTerminal, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { TerminalState } from '../../../protocol/bridge/events.ts';
import { useMachines, useTerminals } from '../../state/context.tsx';
import { machineOf } from '../../state/machines.ts';
import { StatusDot, type StatusTone } from '../../ui/status-dot.tsx';
import { panelParams, type PageName, type PanelParams, type TerminalParams } from './panel-params.ts';
import { terminalTitle } from './tab-title.ts';

const stateTones: Readonly<Record<TerminalState['at'], StatusTone>> = {
  opening: 'busy',
  attached: 'good',
  reconnecting: 'busy',
  'machine-away': 'warn',
  ended: 'off',
  failed: 'bad',
  closing: 'off',
};
const stateWords: Readonly<Record<TerminalState['at'], string>> = {
  opening: 'Opening',
  attached: 'Connected',
  reconnecting: 'Reconnecting',
  'machine-away': 'The machine is away',
  ended: 'Ended',
  failed: 'Failed',
  closing: 'Closing',
};
const pageIcons: Readonly<Record<PageName, ReactNode>> = {
  machines: <Server />,
  sessions: <Rows3 />,
  workstation: <LaptopMinimal />,
  settings: <Settings2 />,
};

function TerminalName({ params }: { readonly params: TerminalParams }) {
  const terminal = useTerminals((state) => state.byId.get(params.terminal));
  if (!terminal) return <SquareTerminal />;
  const { main, more } = terminalTitle(terminal, params.name);
  return (
    <>
      <StatusDot tone={stateTones[terminal.state.at]} label={stateWords[terminal.state.at]} />
      <span className="dock-tab-name">{main}</span>
      {more && <span className="dock-tab-more">{more}</span>}
    </>
  );
}

function MachineName({
  params,
  title,
}: {
  readonly params: PanelParams & { kind: 'machine' };
  readonly title: string;
}) {
  const name = useMachines((state) => machineOf(state, params.account, params.agent_id)?.name);
  return (
    <>
      <Server />
      <span className="dock-tab-name">{name ?? title}</span>
    </>
  );
}

function Name({ params, title }: { readonly params: PanelParams; readonly title: string }) {
  switch (params.kind) {
    case 'terminal':
      return <TerminalName params={params} />;
    case 'machine':
      return <MachineName params={params} title={title} />;
    case 'page':
      return (
        <>
          {pageIcons[params.page]}
          <span className="dock-tab-name">{title}</span>
        </>
      );
  }
}

export function DockTab({ api, params: given }: IDockviewPanelHeaderProps) {
  const [title, setTitle] = useState(api.title ?? '');
  useEffect(() => {
    const change = api.onDidTitleChange((event) => setTitle(event.title));
    return () => change.dispose();
  }, [api]);
  const params = panelParams.safeParse(given).data;
  if (!params) return null;
  const look = params.kind === 'terminal' ? params : { colour: undefined, pinned: undefined };
  return (
    <div className="dock-tab" data-colour={look.colour} data-pinned={look.pinned} title={title}>
      <Name params={params} title={title} />
      {look.pinned ? (
        <Pin className="dock-tab-pin" aria-hidden="true" />
      ) : (
        <span className="dock-tab-close" data-close-tab aria-hidden="true">
          <X />
        </span>
      )}
    </div>
  );
}
