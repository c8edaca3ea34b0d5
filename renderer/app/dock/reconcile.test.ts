import { describe, expect, it } from 'vitest';
import { sampleTerminal } from '../../testing/samples.ts';
import { reconciled } from './reconcile.ts';

const terminals = (...list: readonly ReturnType<typeof sampleTerminal>[]) =>
  new Map(list.map((each) => [each.terminal, each]));
const panel = (id: string, params: unknown) => ({ id, params });

describe('a layout that comes back', () => {
  it('keeps the tabs whose terminals are there, and pages', () => {
    const panels = [panel('p1', { kind: 'terminal', terminal: 't1' }), panel('p2', { kind: 'page', page: 'machines' })];
    expect(reconciled(panels, terminals(sampleTerminal(1)))).toEqual({ drop: [], add: [] });
  });
  it('drops tabs whose terminal is gone or being closed, and what is no tab at all', () => {
    const panels = [
      panel('gone', { kind: 'terminal', terminal: 't9' }),
      panel('closing', { kind: 'terminal', terminal: 't2' }),
      panel('page of the future', { kind: 'page', page: 'holodeck' }),
      panel('nothing', null),
    ];
    const there = terminals(sampleTerminal(2, { state: { at: 'closing' } }));
    expect(reconciled(panels, there).drop).toEqual(['gone', 'closing', 'page of the future', 'nothing']);
  });
  it('brings terminals back that no tab was kept for (restore brings back one window only)', () => {
    const panels = [panel('p1', { kind: 'terminal', terminal: 't1' })];
    expect(
      reconciled(panels, terminals(sampleTerminal(1), sampleTerminal(2))).add.map(({ terminal }) => terminal),
    ).toEqual(['t2']);
  });
  it('shows a terminal in one tab only', () => {
    const panels = [
      panel('p1', { kind: 'terminal', terminal: 't1' }),
      panel('p2', { kind: 'terminal', terminal: 't1' }),
    ];
    expect(reconciled(panels, terminals(sampleTerminal(1))).drop).toEqual(['p2']);
  });
});
