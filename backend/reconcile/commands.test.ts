/** What time alone does to commands: those that nobody tells the end of are lost, and old lines are forgotten. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { someTime, temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { forgetOldCommands, loseCommands } from './commands.ts';

let made: TemporaryStore;
let acme: Awaited<ReturnType<TemporaryStore['addOrganization']>>;
beforeEach(async () => {
  made = await temporaryStore();
  acme = await made.addOrganization('acme');
});
afterEach(() => made[Symbol.asyncDispose]());

const HOUR = 3_600_000;
const parts = () => ({ store: made.store, now: () => someTime });

/** Sent so many hours ago, with its line. */
async function add(name: string, hoursAgo: number, state: 'sent' | 'done'): Promise<void> {
  const at = new Date(someTime - hoursAgo * HOUR).toISOString();
  const { machine, adminId, id } = acme;
  const about = { machine_id: machine.id, agent_id: machine.agentId, user_id: adminId, username: 'ada', command: name };
  const log = { machine_name: 'm', source: 'ui', command_key: name, cut: 0, captured: 'exec', started_at: at } as const;
  await made.store.organization(id).upkeep(async (tx) => {
    await tx
      .insertInto('command_logs')
      .values({ ...about, ...log, id: `log-${name}` })
      .execute();
    await tx
      .insertInto('commands')
      .values({ ...about, id: name, log_id: `log-${name}`, timeout_s: 60, state, truncated: 0, created_at: at })
      .execute();
  });
}

async function states(): Promise<Record<string, string>> {
  const rows = await made.store.platform.read.selectFrom('commands').select(['id', 'state']).orderBy('id').execute();
  return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
}

describe('commands', () => {
  it('that nobody told the end of in time are lost, the others are not', async () => {
    await add('old', 3, 'sent');
    await add('ended', 3, 'done');
    await add('running', 1, 'sent');
    await loseCommands(parts());
    expect(await states()).toEqual({ ended: 'done', old: 'lost', running: 'sent' });
  });

  it('are kept as long as the audit is, with their lines', async () => {
    await add('old', 31 * 24, 'done');
    await add('young', 29 * 24, 'done');
    await forgetOldCommands(parts(), 30, new AbortController().signal);
    expect(await states()).toEqual({ young: 'done' });
    const lines = await made.store.platform.read.selectFrom('command_logs').select('command').execute();
    expect(lines).toEqual([{ command: 'young' }]);
  });
});
