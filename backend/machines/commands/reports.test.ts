/** The queue of one agent's reports: what is stored is answered for, what is not is tried again, and it never grows for ever. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExecResult, ToAgent } from '../../../protocol/wire/control.ts';
import type { OrganizationStore } from '../../store/store.ts';
import { temporaryStore, type TemporaryStore } from '../../../test/service/store.ts';
import { createReports } from './reports.ts';

let made: TemporaryStore;
let organization: OrganizationStore;
beforeEach(async () => {
  made = await temporaryStore();
  organization = made.store.organization((await made.addOrganization('acme')).id);
});
afterEach(() => made[Symbol.asyncDispose]());

const at = '2026-01-01T00:00:00.000Z';
const result = (seq: number): ExecResult => ({
  type: 'exec_result',
  seq,
  command_id: 'none',
  state: 'done',
  exit_code: 0,
  output: '',
  truncated: false,
  started_at: at,
  ended_at: at,
});

function queue(upkeep: OrganizationStore['upkeep']) {
  const told: ToAgent[] = [];
  const faults: unknown[] = [];
  const again: (() => void)[] = [];
  const reports = createReports({
    organization: { ...organization, upkeep },
    reporter: { agentId: 'a', bootId: 'b' },
    tell: (message) => told.push(message),
    newObjectId: () => 'x',
    failed: (error) => faults.push(error),
    later: (act) => again.push(act),
    hold: () => undefined,
  });
  return { reports, told, faults, again };
}

describe('reports of an agent', () => {
  it('are answered for once they are stored', async () => {
    const { reports, told } = queue(async (work) => organization.upkeep(work));
    expect([reports.add(result(1)), reports.add(result(2))]).toEqual([true, true]);
    await vi.waitFor(() => expect(told.map((message) => ('seq' in message ? message.seq : 0))).toEqual([1, 2]));
  });

  it('that cannot be stored now are tried again, none is answered for meanwhile, and their order stays', async () => {
    let isFull = true;
    const { reports, told, faults, again } = queue(async (work) => {
      if (isFull) throw new Error('the disk is full');
      return organization.upkeep(work);
    });
    reports.add(result(1));
    reports.add(result(2));
    await vi.waitFor(() => expect(again).toHaveLength(1));
    expect({ told, faults: faults.length }).toEqual({ told: [], faults: 1 });
    isFull = false;
    again[0]?.();
    await vi.waitFor(() => expect(told).toHaveLength(2));
  });

  it('are refused when far more wait than an agent of ours sends at once', () => {
    const { reports } = queue(() => new Promise(() => undefined));
    const taken = Array.from({ length: 2000 }, (_, index) => reports.add(result(index + 1)));
    expect(taken.lastIndexOf(true)).toBeLessThan(1024);
    expect(taken.at(-1)).toBe(false);
  });

  it('are not answered for on a link that is gone, nor tried again', async () => {
    const { reports, told, again } = queue(() => Promise.reject(new Error('the disk is full')));
    reports.add(result(1));
    reports.stop();
    await vi.waitFor(() => expect(again).toHaveLength(1));
    again[0]?.();
    expect({ told, again: again.length }).toEqual({ told: [], again: 1 });
  });
});
