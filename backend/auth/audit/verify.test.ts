import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newObjectId, temporaryStore, type TemporaryStore } from '../../../test/service/store.ts';
import { entryHash, serviceActor } from '../../store/audit.ts';
import { createCheckpointKey, type Entry } from '../../store/chain.ts';
import type { Writes } from '../../store/store.ts';
import type { Tables } from '../../store/tables.ts';
import { verifyChain } from './verify.ts';

/** More than are read at a time. */
const MANY = 1100;
const key = createCheckpointKey('a secret of thirty-two characters');
let made: TemporaryStore;
beforeAll(async () => {
  made = await temporaryStore();
});
afterAll(() => made[Symbol.asyncDispose]());

const note = (i: number) => ({ action: 'step', resource: `r${i}`, detail: { i } });
/** An organization with a chain of its own, written as chains are. */
async function aChain(length = 12): Promise<string> {
  const { id } = await made.addOrganization(`o${newObjectId()}`);
  const organization = made.store.organization(id);
  await organization.write(serviceActor, () =>
    Promise.resolve({
      value: null,
      audit: note(2),
      alsoAudit: Array.from({ length: length - 2 }, (_, i) => note(i + 3)),
    }),
  );
  return id;
}
const verify = (id: string, range = {}) => verifyChain(made.store.organization(id).read, key, range);
const tamper = (work: (tx: Writes<Tables>) => Promise<unknown>) => made.store.platform.upkeep(work);
const entryAt = async (id: string, seq: number): Promise<Entry> =>
  made.store.platform.read
    .selectFrom('audit_entries')
    .selectAll()
    .where('organization_id', '=', id)
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow();
const change = (id: string, seq: number, columns: Partial<Entry>) =>
  tamper((tx) =>
    tx.updateTable('audit_entries').set(columns).where('organization_id', '=', id).where('seq', '=', seq).execute(),
  );
const remove = (id: string, side: '<=' | '=' | '>=', seq: number) =>
  tamper((tx) => tx.deleteFrom('audit_entries').where('organization_id', '=', id).where('seq', side, seq).execute());
const checkpoint = async (id: string, seq: number, by = key) => {
  const { hash } = await entryAt(id, seq);
  const row = { organization_id: id, seq, hash, cut_at: '2026-01-01T00:00:00.000Z' };
  return { ...row, signature: by.sign(row) };
};
const store = (row: Tables['audit_checkpoints']) =>
  tamper((tx) => tx.insertInto('audit_checkpoints').values(row).execute());

describe('a chain that nobody touched', () => {
  it('is whole, however long it is', async () => {
    const id = await aChain(MANY);
    expect(await verify(id)).toMatchObject({ checked: MANY, head: { seq: MANY }, broken: null });
  });

  it('is whole where others write meanwhile', async () => {
    const id = await aChain(MANY);
    const writing = made.store
      .organization(id)
      .write(serviceActor, () => Promise.resolve({ value: null, audit: { action: 'meanwhile' } }));
    expect(await verify(id)).toMatchObject({ broken: null });
    await writing;
    expect(await verify(id)).toMatchObject({ checked: MANY + 1, broken: null });
  });
});

describe('tampering', () => {
  it.each([
    'action',
    'resource',
    'username',
    'user_id',
    'ip_address',
    'user_agent',
    'detail',
    'created_at',
    'id',
  ] as const)('with the %s of an entry is found there', async (column) => {
    const id = await aChain();
    await change(id, 5, { [column]: column === 'detail' ? '{"i":0}' : `forged-${id}` });
    expect((await verify(id)).broken).toEqual({ seq: 5, reason: 'changed' });
  });

  it('with an entry whose hash is made anew is found at the next', async () => {
    const id = await aChain();
    const forged = { ...(await entryAt(id, 5)), action: 'forged' };
    await change(id, 5, { action: forged.action, hash: entryHash(forged) });
    expect((await verify(id)).broken).toEqual({ seq: 6, reason: 'missing' });
  });

  it('with the last entry, its hash made anew, is found by the head', async () => {
    const id = await aChain();
    const forged = { ...(await entryAt(id, 12)), action: 'forged' };
    await change(id, 12, { action: forged.action, hash: entryHash(forged) });
    expect((await verify(id)).broken).toEqual({ seq: 12, reason: 'changed' });
  });

  it('by removing an entry is found, in the middle, at the beginning and at the end', async () => {
    const [middle, beginning, end] = [await aChain(), await aChain(), await aChain()];
    await remove(middle, '=', 5);
    expect((await verify(middle)).broken).toEqual({ seq: 6, reason: 'missing' });
    await remove(beginning, '<=', 3);
    expect((await verify(beginning)).broken).toEqual({ seq: 4, reason: 'missing' });
    await remove(end, '>=', 11);
    expect((await verify(end)).broken).toEqual({ seq: 11, reason: 'missing' });
  });

  it('by removing all of it, or its head, is found', async () => {
    const [all, head] = [await aChain(), await aChain()];
    await remove(all, '>=', 1);
    expect((await verify(all)).broken).toEqual({ seq: 1, reason: 'missing' });
    await tamper((tx) => tx.deleteFrom('audit_heads').where('organization_id', '=', head).execute());
    expect((await verify(head)).broken).not.toBeNull();
  });

  it('by exchanging two entries is found', async () => {
    const id = await aChain();
    const [a, b] = [await entryAt(id, 5), await entryAt(id, 6)];
    await change(id, 5, { seq: -1 });
    await change(id, 6, { seq: 5 });
    await change(id, -1, { seq: 6 });
    expect((await verify(id)).broken).toEqual({ seq: 5, reason: 'changed' });
    // Their content exchanged instead, each with a hash that fits.
    const other = await aChain();
    for (const [seq, from] of [
      [5, b],
      [6, a],
    ] as const) {
      const { resource, detail } = from;
      const forged = { ...(await entryAt(other, seq)), resource, detail };
      await change(other, seq, { resource, detail, hash: entryHash(forged) });
    }
    expect((await verify(other)).broken).toEqual({ seq: 6, reason: 'missing' });
  });

  it('by taking in an entry of another organization is found', async () => {
    const [id, other] = [await aChain(), await aChain()];
    const { organization_id: _o, seq: _s, id: _i, ...content } = await entryAt(other, 5);
    await change(id, 5, content);
    expect((await verify(id)).broken).toEqual({ seq: 5, reason: 'changed' });
  });
});

describe('a chain whose beginning was cut', () => {
  it('is whole where the cut was signed by this server', async () => {
    const id = await aChain();
    const signed = await checkpoint(id, 4);
    await remove(id, '<=', 4);
    await store(signed);
    expect(await verify(id)).toMatchObject({ checked: 8, broken: null });
  });

  it('is broken where it was signed by nobody, by somebody else, for another organization or at another place', async () => {
    const other = await aChain();
    const stranger = createCheckpointKey('another secret of that same length');
    const forgeries = [
      async (id: string) => ({ ...(await checkpoint(id, 4)), signature: '' }),
      async (id: string) => checkpoint(id, 4, stranger),
      async (id: string) => ({ ...(await checkpoint(other, 4)), organization_id: id }),
      async (id: string) => ({ ...(await checkpoint(id, 3)), seq: 4 }),
      async (id: string) => checkpoint(id, 3),
    ];
    for (const forge of forgeries) {
      const id = await aChain();
      const forged = await forge(id);
      await remove(id, '<=', 4);
      await store(forged);
      expect((await verify(id)).broken).toEqual({ seq: 5, reason: 'missing' });
    }
  });
});

const at = (seq: number) => new Date(Date.UTC(2026, 0, 1, seq)).toISOString();
describe('a part of a chain', () => {
  it('is verified with what stands before and behind it', async () => {
    const id = await aChain();
    // As it would be, had an hour passed between any two.
    let before: Entry | null = null;
    for (let seq = 1; seq <= 12; seq++) {
      const moved: Entry = {
        ...(await entryAt(id, seq)),
        created_at: at(seq),
        prev_hash: before?.hash ?? '0'.repeat(64),
      };
      before = { ...moved, hash: entryHash(moved) };
      await change(id, seq, { created_at: at(seq), prev_hash: before.prev_hash, hash: before.hash });
    }
    const { hash } = await entryAt(id, 12);
    await tamper((tx) => tx.updateTable('audit_heads').set({ hash }).where('organization_id', '=', id).execute());

    expect(await verify(id, { from: at(4), to: at(8) })).toMatchObject({ checked: 5, head: { seq: 8 }, broken: null });
    expect(await verify(id, { from: at(13) })).toMatchObject({ checked: 0, broken: null });
    await change(id, 2, { action: 'forged' });
    expect((await verify(id, { from: at(4) })).broken).toBeNull();
    await remove(id, '=', 8);
    expect((await verify(id, { from: at(4), to: at(7) })).broken).toEqual({ seq: 9, reason: 'missing' });
    await remove(id, '=', 3);
    expect((await verify(id, { from: at(4), to: at(6) })).broken).toEqual({ seq: 4, reason: 'missing' });
  });
});
