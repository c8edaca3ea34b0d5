/** What a machine is. */
import type { ReactNode } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import type { Machine } from '../../protocol/api/machines.ts';
import { Badge } from '../ui/badge.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { dateTime } from '../ui/format.ts';
import { Card, Facts } from '../ui/page.tsx';

type Fact = readonly [name: string, value: ReactNode];
type Metadata = NonNullable<CallOutput<'machines.get'>['metadata']>;

const copied = (text: string, what: string) => (
  <span className="machine-fact-copy">
    <span className="ui-mono ui-truncate">{text}</span>
    <CopyButton text={text} label={`Copy ${what}`} />
  </span>
);

function factsOf(machine: Machine, metadata: Metadata): readonly Fact[] {
  const facts: readonly (Fact | false)[] = [
    ['System', machine.os ?? '–'],
    ['Architecture', machine.arch ?? '–'],
    ['Host name', machine.hostname ?? '–'],
    ['Address', machine.ip_address ? copied(machine.ip_address, 'address') : '–'],
    ['Agent version', machine.agent_version ?? '–'],
    ['Shell user', machine.linux_user ?? 'As the agent runs'],
    ['Agent id', copied(machine.agent_id, 'agent id')],
    machine.created_at !== undefined && ['Added', dateTime(machine.created_at)],
    machine.last_active !== null && ['Last active', dateTime(machine.last_active)],
  ];
  const more = Object.entries(metadata).map(([name, value]): Fact => [name, String(value)]);
  return [...facts.filter((fact) => fact !== false), ...more];
}

interface MachineFactsProps {
  readonly machine: Machine;
  readonly metadata: Metadata | undefined;
}

export function MachineFacts({ machine, metadata = {} }: MachineFactsProps) {
  const tags = machine.tags ?? [];
  const tagged: readonly Fact[] =
    tags.length === 0
      ? []
      : [
          [
            'Tags',
            <span key="tags" className="machine-tags">
              {tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>,
          ],
        ];
  return (
    <Card>
      <div className="machine-facts">
        <Facts facts={[...factsOf(machine, metadata), ...tagged]} />
      </div>
    </Card>
  );
}
