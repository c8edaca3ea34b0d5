/** One line of the machine list. */
import { ChevronRight, Star, SquareTerminal } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import type { ListRow } from './machine-list-rows.ts';
import { statusTones, statusWords } from './machine-words.ts';

interface TreeRowProps {
  readonly id: string;
  readonly row: ListRow;
  readonly at: number;
  readonly count: number;
  readonly start: number;
  readonly active: boolean;
  readonly favourite: boolean;
  readonly onOpen: (() => void) | undefined;
  readonly onFavourite: (() => void) | undefined;
}

function MachineLine({ row, favourite, onOpen, onFavourite }: TreeRowProps & { row: ListRow & { kind: 'machine' } }) {
  const { machine } = row;
  return (
    <>
      <StatusDot tone={statusTones[machine.status]} label={statusWords[machine.status]} />
      <span className="machine-tree-name ui-truncate">{machine.name}</span>
      <span className="machine-tree-actions">
        <IconButton
          label={favourite ? `Remove ${machine.name} from favourites` : `Add ${machine.name} to favourites`}
          icon={<Star fill={favourite ? 'currentColor' : 'none'} />}
          size="sm"
          tabIndex={-1}
          onClick={onFavourite}
        />
        {onOpen && (
          <IconButton
            label={`Open terminal on ${machine.name}`}
            icon={<SquareTerminal />}
            size="sm"
            tabIndex={-1}
            onClick={onOpen}
          />
        )}
      </span>
    </>
  );
}

export function MachineTreeRow(props: TreeRowProps) {
  const { id, row, at, count, start, active } = props;
  const common = {
    id,
    role: 'treeitem',
    className: 'machine-tree-row',
    'aria-posinset': at + 1,
    'aria-setsize': count,
    'aria-selected': active,
    'data-active': active || undefined,
    'data-row-at': at,
    style: { transform: `translateY(${start}px)` },
  };
  return row.kind === 'group' ? (
    <div {...common} aria-level={1} aria-expanded={!row.folded} data-kind="group">
      <ChevronRight aria-hidden="true" />
      <span className="ui-truncate">{row.title}</span>
      <span className="machine-tree-size">{row.size.toLocaleString('en')}</span>
    </div>
  ) : (
    <div {...common} aria-level={row.level} data-kind="machine" data-level={row.level}>
      <MachineLine {...props} row={row} />
    </div>
  );
}
