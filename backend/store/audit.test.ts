import { assert, property, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { entryHash, serviceActor } from './audit.ts';
import type { Tables } from './tables.ts';

let made: TemporaryStore;
let acme: string;
let other: string;
beforeAll(async () => {
  made = await temporaryStore();
  acme = (await made.addOrganization('acme')).id;
  other = (await made.addOrganization('other')).id;
});
afterAll(() => made[Symbol.asyncDispose]());

const append = (organizationId: string, action: string) =>
  made.store
    .organization(organizationId)
    .write(serviceActor, () => Promise.resolve({ value: null, audit: { action } }));
const chain = (organizationId: string) =>
  made.store.organization(organizationId).read.selectFrom('audit_entries').selectAll().orderBy('seq').execute();

/** The first entry that does not fit, as whoever checks the chain finds it. */
function brokenAt(entries: readonly Tables['audit_entries'][]): number | null {
  let previous = '0'.repeat(64);
  for (const [i, entry] of entries.entries()) {
    if (entry.seq !== i + 1 || entry.prev_hash !== previous || entryHash(entry) !== entry.hash) return i;
    previous = entry.hash;
  }
  return null;
}

describe('the audit chain', () => {
  it('is one per organization, without a gap, also when many write at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, i) => append(i % 3 === 0 ? other : acme, `action ${i}`)));
    const [mine, theirs] = [await chain(acme), await chain(other)];
    expect(mine).toHaveLength(21);
    expect(theirs).toHaveLength(11);
    expect(brokenAt(mine)).toBeNull();
    expect(brokenAt(theirs)).toBeNull();
  });

  it('shows a changed field, whichever it is, a removed entry and an exchanged order', async () => {
    await append(acme, 'first of more');
    await append(acme, 'second of more');
    const entries = await chain(acme);
    const [entry, next] = entries.slice(-2);
    if (!entry || !next) throw new Error('too few entries');
    for (const field of Object.keys(entry)) {
      const forged = [...entries.slice(0, -2), { ...entry, [field]: 'forged' }, next];
      expect(brokenAt(forged), field).toBe(entries.length - 2);
    }
    expect(brokenAt([...entries.slice(0, -2), next])).toBe(entries.length - 2);
    expect(brokenAt([...entries.slice(0, -2), next, entry])).toBe(entries.length - 2);
  });

  it('hashes no two different entries alike', async () => {
    const [entry] = await chain(acme);
    if (!entry) throw new Error('no entry');
    assert(
      property(string(), string(), string(), string(), (a, b, c, d) => {
        const one = entryHash({ ...entry, action: a, resource: b });
        const two = entryHash({ ...entry, action: c, resource: d });
        expect(one === two).toBe(a === c && b === d);
      }),
    );
  });
});
