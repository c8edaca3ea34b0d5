/** The columns of the table of machines. */
import { SquareTerminal } from 'lucide-react';
import type { Machine } from '../../protocol/api/machines.ts';
import { useTime } from '../state/context.tsx';
import { Badge } from '../ui/badge.tsx';
import { ago, bytes, dateTime, duration } from '../ui/format.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Meter } from '../ui/meter.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import type { Column } from '../ui/table-model.ts';
import { statusTones, statusWords } from './machine-words.ts';

/** Figures of a machine that is away are not what it does now. */
const live = (machine: Machine, value: number | null) => (machine.status === 'online' ? value : null);
const dash = <span className="machines-none">–</span>;

export function LastActive({ at }: { readonly at: string | null }) {
  const words = useTime((now) => (at === null ? '' : ago(at, now)));
  return at === null ? dash : <span title={dateTime(at)}>{words}</span>;
}

export function Network({ machine }: { readonly machine: Machine }) {
  const received = live(machine, machine.network_rx_bytes);
  const sent = live(machine, machine.network_tx_bytes);
  if (received === null || sent === null) return dash;
  return (
    <span className="ui-number" title="Received and sent since it started">
      ↓ {bytes(received)} <span className="ui-muted">↑ {bytes(sent)}</span>
    </span>
  );
}

/** Its own words where the server counts no seconds. */
export const uptimeOf = (machine: Machine): string | null => {
  if (machine.status !== 'online') return null;
  return machine.uptime_seconds === undefined || machine.uptime_seconds === null
    ? machine.uptime
    : duration(machine.uptime_seconds * 1000);
};

interface NameCellProps {
  readonly machine: Machine;
  readonly onOpen: (() => void) | undefined;
}
function NameCell({ machine, onOpen }: NameCellProps) {
  return (
    <>
      <StatusDot tone={statusTones[machine.status]} label={statusWords[machine.status]} />
      <span className="machines-name ui-truncate">{machine.name}</span>
      {onOpen && (
        <span className="machines-open">
          <IconButton
            label={`Open terminal on ${machine.name}`}
            icon={<SquareTerminal />}
            size="sm"
            tabIndex={-1}
            onClick={onOpen}
          />
        </span>
      )}
    </>
  );
}

/** `open`: what opens a terminal on a machine, if one can be opened now. */
export function machineColumns(open: (machine: Machine) => (() => void) | undefined): readonly Column<Machine>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      min: 9,
      grow: 2,
      rank: 0,
      sortable: true,
      cell: (machine) => <NameCell machine={machine} onOpen={open(machine)} />,
    },
    {
      id: 'status',
      title: 'Status',
      min: 6.5,
      grow: 0.6,
      rank: 3,
      sortable: true,
      cell: (machine) => <span className="ui-muted">{statusWords[machine.status]}</span>,
    },
    {
      id: 'os',
      title: 'System',
      min: 7,
      grow: 1.2,
      rank: 8,
      sortable: true,
      cell: (machine) => (machine.os ? <span className="ui-truncate">{machine.os}</span> : dash),
    },
    {
      id: 'cpu',
      title: 'CPU',
      min: 5.25,
      grow: 0.8,
      rank: 1,
      sortable: true,
      cell: (machine) => <Meter label={`CPU of ${machine.name}`} percent={live(machine, machine.cpu_percent)} />,
    },
    {
      id: 'memory',
      title: 'Memory',
      min: 5.25,
      grow: 0.8,
      rank: 2,
      sortable: true,
      cell: (machine) => <Meter label={`Memory of ${machine.name}`} percent={live(machine, machine.memory_percent)} />,
    },
    {
      id: 'disk',
      title: 'Disk',
      min: 5.25,
      grow: 0.8,
      rank: 4,
      sortable: true,
      cell: (machine) => <Meter label={`Disk of ${machine.name}`} percent={live(machine, machine.disk_percent)} />,
    },
    {
      id: 'network',
      title: 'Network',
      min: 8.5,
      grow: 0.9,
      rank: 9,
      sortable: true,
      cell: (machine) => <Network machine={machine} />,
    },
    {
      id: 'uptime',
      title: 'Uptime',
      min: 5,
      grow: 0,
      rank: 6,
      sortable: true,
      cell: (machine) => <span className="ui-number">{uptimeOf(machine) ?? dash}</span>,
    },
    {
      id: 'tags',
      title: 'Tags',
      min: 7,
      grow: 1.5,
      rank: 7,
      sortable: true,
      cell: (machine) => machine.tags?.map((tag) => <Badge key={tag}>{tag}</Badge>),
    },
    {
      id: 'active',
      title: 'Last active',
      min: 6,
      grow: 0,
      rank: 5,
      sortable: true,
      cell: (machine) => <LastActive at={machine.last_active} />,
    },
  ];
}
