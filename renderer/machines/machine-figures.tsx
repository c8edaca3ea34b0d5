/** What a machine is doing now, as its agent says every half minute. */
import type { ReactNode } from 'react';
import type { Machine } from '../../protocol/api/machines.ts';
import { Meter } from '../ui/meter.tsx';
import { Network, uptimeOf } from './machine-cells.tsx';
import './machine-figures.css';

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="machine-figure">
      <div className="machine-figure-name">{name}</div>
      <div className="machine-figure-value">{children}</div>
    </div>
  );
}

export function MachineFigures({ machine }: { readonly machine: Machine }) {
  const online = machine.status === 'online';
  const percents = [
    ['CPU', machine.cpu_percent],
    ['Memory', machine.memory_percent],
    ['Disk', machine.disk_percent],
  ] as const;
  return (
    <div className="machine-figures">
      {percents.map(([name, percent]) => (
        <Figure key={name} name={name}>
          <Meter label={`${name} of ${machine.name}`} percent={online ? percent : null} size="lg" />
        </Figure>
      ))}
      <Figure name="Network">
        <Network machine={machine} />
      </Figure>
      <Figure name="Uptime">{uptimeOf(machine) ?? '–'}</Figure>
    </div>
  );
}
