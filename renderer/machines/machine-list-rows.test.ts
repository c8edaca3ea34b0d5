import { describe, expect, it } from 'vitest';
import { sampleMachine, uuid } from '../testing/samples.ts';
import { listRows } from './machine-list-rows.ts';

const machines = [
  sampleMachine(1, { name: 'a', tags: ['web'] }),
  sampleMachine(2, { name: 'b', tags: ['web', 'db'] }),
  sampleMachine(3, { name: 'c' }),
];
const ref = (n: number) => ({ account: 'acme', agent_id: uuid(n) });
const lines = (given: Partial<Parameters<typeof listRows>[0]>) =>
  listRows({ machines, filtering: false, byTag: false, folded: [], favourites: [], recents: [], ...given }).map(
    (row) => (row.kind === 'group' ? `${row.title} (${row.size})` : row.machine.name),
  );

describe('the machine list', () => {
  it('has favourites and recents above all machines', () => {
    expect(lines({ favourites: [ref(2)], recents: [ref(3), ref(1)] })).toEqual([
      'Favourites (1)',
      'b',
      'Recent (2)',
      'c',
      'a',
      'All machines (3)',
      'a',
      'b',
      'c',
    ]);
  });
  it('groups by tag, a machine under each of its tags, those without one last', () => {
    expect(lines({ byTag: true })).toEqual(['db (1)', 'b', 'web (2)', 'a', 'b', 'Untagged (1)', 'c']);
  });
  it('shows of a folded group its name only', () => {
    expect(lines({ byTag: true, folded: ['tag:web'] })).toEqual(['db (1)', 'b', 'web (2)', 'Untagged (1)', 'c']);
  });
  it('shows what a filter found without groups, each machine once', () => {
    expect(lines({ filtering: true, byTag: true, favourites: [ref(2)] })).toEqual(['a', 'b', 'c']);
  });
  it('leaves out favourites that are gone', () => {
    expect(lines({ favourites: [ref(99)] })).toEqual(['All machines (3)', 'a', 'b', 'c']);
  });
  it('gives each line a key of its own, also where a machine stands twice', () => {
    const keys = listRows({
      machines,
      filtering: false,
      byTag: true,
      folded: [],
      favourites: [ref(1)],
      recents: [ref(1)],
    });
    expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
  });
});
