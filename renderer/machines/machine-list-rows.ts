/** The lines of the machine list beside the dock: groups and what is in them, as one flat list. Pure. */
import type { Machine } from '../../protocol/api/machines.ts';
import type { MachineRef } from '../state/layout.ts';

export type ListRow =
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly title: string;
      readonly size: number;
      readonly folded: boolean;
    }
  | { readonly kind: 'machine'; readonly key: string; readonly machine: Machine; readonly level: 1 | 2 };

interface Given {
  /** In the order of their names, filtered already. */
  readonly machines: readonly Machine[];
  /** Whether a filter is set: what was found is shown as it is, without groups. */
  readonly filtering: boolean;
  readonly byTag: boolean;
  readonly folded: readonly string[];
  readonly favourites: readonly MachineRef[];
  readonly recents: readonly MachineRef[];
}

interface Group {
  readonly key: string;
  readonly title: string;
  readonly machines: readonly Machine[];
}

/** No tag is empty. */
const untagged = '';
const isLast = (tag: string) => Number(tag === untagged);

function tagGroups(machines: readonly Machine[]): readonly Group[] {
  const byTag = new Map<string, Machine[]>();
  for (const machine of machines)
    for (const tag of machine.tags?.length ? machine.tags : [untagged]) {
      const tagged = byTag.get(tag);
      if (tagged) tagged.push(machine);
      else byTag.set(tag, [machine]);
    }
  const tags = [...byTag].toSorted(([a], [b]) => isLast(a) - isLast(b) || (a < b ? -1 : 1));
  return tags.map(([tag, tagged]) => ({
    key: `tag:${tag}`,
    title: tag === untagged ? 'Untagged' : tag,
    machines: tagged,
  }));
}

export function listRows(given: Given): readonly ListRow[] {
  const { machines, filtering, byTag, folded } = given;
  if (filtering) return machines.map((machine) => ({ kind: 'machine', key: machine.agent_id, machine, level: 1 }));
  const byId = new Map(machines.map((machine) => [machine.agent_id, machine]));
  const known = (refs: readonly MachineRef[]) => refs.flatMap(({ agent_id }) => byId.get(agent_id) ?? []);
  const groups: readonly Group[] = [
    { key: 'favourites', title: 'Favourites', machines: known(given.favourites) },
    { key: 'recents', title: 'Recent', machines: known(given.recents) },
    ...(byTag ? tagGroups(machines) : [{ key: 'all', title: 'All machines', machines }]),
  ];
  return groups.flatMap((group): readonly ListRow[] => {
    if (group.machines.length === 0) return [];
    const isFolded = folded.includes(group.key);
    const head = {
      kind: 'group',
      key: group.key,
      title: group.title,
      size: group.machines.length,
      folded: isFolded,
    } as const;
    if (isFolded) return [head];
    const inside = group.machines.map(
      (machine) => ({ kind: 'machine', key: `${group.key}/${machine.agent_id}`, machine, level: 2 }) as const,
    );
    return [head, ...inside];
  });
}
