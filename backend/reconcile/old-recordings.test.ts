import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { someTime, temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { createBackgroundWrites } from '../machines/background-writes.ts';
import { createRecorder, type Recorder } from '../machines/recordings/recorder.ts';
import { collectRecordings } from '../machines/recordings/collect-recordings.ts';
import { fileOf, realDisk, type RecordingKey } from '../machines/recordings/recording-file.ts';
import { removeOldRecordings } from './old-recordings.ts';

const DAY = 24 * 3_600_000;
const now = (): number => someTime;
const log = { error: () => expect.unreachable(), warn: () => expect.unreachable() };
const { signal } = new AbortController();

let made: TemporaryStore;
let folder: string;
let recorder: Recorder;
beforeEach(async () => {
  made = await temporaryStore();
  folder = mkdtempSync(join(tmpdir(), 'webxterm-recordings-'));
  recorder = createRecorder({
    store: made.store,
    writes: createBackgroundWrites(log),
    log,
    disk: realDisk,
    folder,
    isOn: true,
    granted: () => expect.unreachable(),
    now,
    monotonic: now,
  });
});
afterEach(async () => {
  await recorder[Symbol.asyncDispose]();
  await made[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

type Organization = Awaited<ReturnType<TemporaryStore['addOrganization']>>;
/** Of a session that ended so many days ago; null: it runs. */
async function addRecording({ id, adminId, machine }: Organization, daysAgo: number | null): Promise<string> {
  const sessionId = crypto.randomUUID();
  const startedAt = new Date(someTime - 90 * DAY).toISOString();
  const session = { id: sessionId, machine_id: machine.id, agent_id: machine.agentId, machine_name: 'x' };
  const by = { user_id: adminId, username: 'x', open_id: sessionId, source: 'cli', machine_role: 'non-sudo' } as const;
  const ended = daysAgo !== null && {
    ended_at: new Date(someTime - daysAgo * DAY).toISOString(),
    verdict: 'complete' as const,
  };
  await made.store.organization(id).upkeep(async (tx) => {
    await tx
      .insertInto('sessions')
      .values({ ...session, ...by, cols: 80, rows: 24, bytes_out: 0, started_at: startedAt, recorded: 1 })
      .execute();
    await tx
      .insertInto('recordings')
      .values({ session_id: sessionId, bytes: 0, started_at: startedAt, gaps: '[]', ...ended })
      .execute();
  });
  const file = fileOf(folder, { organizationId: id, sessionId });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'a recording');
  return sessionId;
}

const filesOf = ({ id }: Organization): readonly string[] => readdirSync(join(folder, id)).toSorted();
const nameOf = (sessionId: string): string => `${sessionId}.recording`;
async function removedIn({ id }: Organization): Promise<readonly string[]> {
  const rows = await made.store
    .organization(id)
    .read.selectFrom('audit_entries')
    .select('detail')
    .where('action', '=', 'recordings_removed')
    .execute();
  return rows.map(({ detail }) => detail);
}

describe('recordings that are older than they are kept', () => {
  it('go, with their files and an entry in their organization’s audit, once; younger ones and those that run stay', async () => {
    const [acme, other] = [await made.addOrganization('acme'), await made.addOrganization('other')];
    const [old, young, running] = [
      await addRecording(acme, 31),
      await addRecording(acme, 29),
      await addRecording(acme, null),
    ];
    const theirs = await addRecording(other, 60);
    const remove: string[] = [];
    const run = () =>
      removeOldRecordings(
        {
          store: made.store,
          now,
          remove: async (organizationId, sessionIds) => {
            remove.push(...sessionIds);
            await recorder.remove(organizationId, sessionIds);
          },
        },
        30,
        signal,
      );
    await run();
    expect(filesOf(acme)).toEqual([young, running].map(nameOf).toSorted());
    expect(filesOf(other)).toEqual([]);
    const left = await made.store.platform.read.selectFrom('recordings').select('session_id').execute();
    expect(left.map((row) => row.session_id).toSorted()).toEqual([young, running].toSorted());
    expect(await removedIn(acme)).toEqual([JSON.stringify({ sessions: [old] })]);
    expect(await removedIn(other)).toEqual([JSON.stringify({ sessions: [theirs] })]);
    await run();
    expect(remove.toSorted()).toEqual([old, theirs].toSorted());
    expect(await removedIn(acme)).toHaveLength(1);
  });

  it('are set aside where their removal was cut short after the row or their organization is gone, and go a month later', async () => {
    const acme = await made.addOrganization('acme');
    const [kept, stray, young] = [
      await addRecording(acme, 31),
      await addRecording(acme, 31),
      await addRecording(acme, 31),
    ];
    const gone = { organizationId: '0123456789abcdef01234567', sessionId: crypto.randomUUID() };
    await mkdir(join(folder, gone.organizationId));
    await writeFile(fileOf(folder, gone), 'of nobody');
    await writeFile(join(folder, 'a note of the operator.txt'), '');
    await made.store
      .organization(acme.id)
      .upkeep((tx) => tx.deleteFrom('recordings').where('session_id', 'in', [stray, young]).execute());
    const written = (key: RecordingKey, daysAgo: number) =>
      utimes(fileOf(folder, key), someTime / 1000, (someTime - daysAgo * DAY) / 1000);
    for (const sessionId of [kept, stray]) await written({ organizationId: acme.id, sessionId }, 2);
    await written({ organizationId: acme.id, sessionId: young }, 0.5);
    await written(gone, 2);
    const told: unknown[] = [];
    const collect = (at: number) =>
      collectRecordings(
        { store: made.store, folder, log: { warn: (what: unknown) => told.push(what) }, now: () => at },
        signal,
      );
    await collect(someTime);
    expect(filesOf(acme)).toEqual([kept, young].map(nameOf).toSorted());
    await collect(someTime + 29 * DAY);
    expect(filesOf(acme)).toEqual([nameOf(kept)]);
    expect(readdirSync(join(folder, gone.organizationId))).toEqual([]);
    expect(readdirSync(join(folder, 'stray'), { recursive: true })).toEqual(
      expect.arrayContaining([join(acme.id, nameOf(stray)), join(gone.organizationId, nameOf(gone.sessionId))]),
    );
    expect(told).toMatchObject([{ count: 2 }, { count: 1 }]);
    await collect(someTime + 31 * DAY);
    expect(readdirSync(join(folder, 'stray', gone.organizationId))).toEqual([]);
    expect(readdirSync(join(folder, 'stray', acme.id))).toEqual([nameOf(young)]);
    expect(readdirSync(folder)).toContain('a note of the operator.txt');
  });

  it('go all, however many there are', async () => {
    const acme = await made.addOrganization('acme');
    for (let i = 0; i < 101; i += 1) await addRecording(acme, 31);
    await removeOldRecordings({ store: made.store, now, remove: (...args) => recorder.remove(...args) }, 30, signal);
    expect(filesOf(acme)).toEqual([]);
    expect(await removedIn(acme)).toHaveLength(2);
  });
});
