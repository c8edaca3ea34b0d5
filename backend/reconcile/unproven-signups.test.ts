import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newObjectId, someTime, temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { verifyChain } from '../auth/audit/verify.ts';
import { createPasswords } from '../auth/passwords.ts';
import { signup } from '../auth/signup.ts';
import type { Bus } from '../bus/bus.ts';
import { bootstrap } from '../data/bootstrap.ts';
import { serviceActor } from '../store/audit.ts';
import { createCheckpointKey } from '../store/chain.ts';
import { PLATFORM, type Store } from '../store/store.ts';
import { removeUnprovenSignups } from './unproven-signups.ts';

const visitor = { requestId: 'r', address: '192.0.2.7', userAgent: null, source: 'ui', host: 'here' } as const;
const passwords = createPasswords({ atOnce: 1, waiting: 9 }, 'a secret of thirty-two characters');
const key = createCheckpointKey('a secret of thirty-two characters');
const { signal } = new AbortController();

let made: TemporaryStore;
let other: Store;
let told: unknown[];
const bus: Pick<Bus, 'publish'> = { publish: (topic, payload) => void told.push([topic, payload]) };
beforeEach(async () => {
  made = await temporaryStore();
  other = await made.again();
  told = [];
});
afterEach(async () => {
  await other[Symbol.asyncDispose]();
  await made[Symbol.asyncDispose]();
});

const parts = (daysAgo: number) => ({
  platform: made.store.platform,
  passwords,
  now: () => someTime - daysAgo * 24 * 3_600_000,
  newObjectId,
});
/** The ids of the organization and of its account. */
async function signedUp(name: string, daysAgo: number) {
  const body = {
    username: name,
    email: `${name}@example.test`,
    password: 'correct horse',
    first_name: '',
    last_name: '',
    organization_name: name,
    company_name: name,
  };
  const answer = await signup(
    parts(daysAgo),
    { params: undefined, query: undefined, cookie: undefined, body },
    visitor,
  );
  if ('refuse' in answer) throw new Error(answer.refuse.code);
  const { user_id: userId } = answer.body;
  const { organization_id: id } = await made.store.platform.read
    .selectFrom('users')
    .select('organization_id')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return { id, userId };
}
const change = (userId: string, columns: { email_verified_at?: string; last_login_at?: string; enabled_at?: string }) =>
  made.store.platform.upkeep((tx) => tx.updateTable('users').set(columns).where('id', '=', userId).execute());
const on = (store: Store) => removeUnprovenSignups({ store, bus, now: () => someTime }, signal);
/** On two nodes at once, then again: what had to be done is done once. */
async function everywhere(): Promise<void> {
  await Promise.all([on(made.store), on(other)]);
  await on(made.store);
}
const left = async () => {
  const rows = await made.store.platform.read
    .selectFrom('organizations')
    .select('slug')
    .where('id', '!=', PLATFORM.id)
    .orderBy('slug')
    .execute();
  return rows.map(({ slug }) => slug);
};

describe('an organization that somebody signed up and nobody entered', () => {
  it('is removed after a week, once, with its account; both chains tell it, and the names are free', async () => {
    const { id } = await signedUp('squatted', 8);
    await everywhere();
    expect(await left()).toEqual([]);
    expect(told).toEqual([['organization.deleted', { organizationId: id }]]);
    const entries = await made.store.platform.read
      .selectFrom('audit_entries')
      .select(['organization_id', 'username', 'detail'])
      .where('action', '=', 'organization_deleted')
      .orderBy('organization_id')
      .execute();
    const detail = '{"name":"squatted","display_name":"squatted","reason":"never-proven"}';
    expect(entries).toEqual([PLATFORM.id, id].map((organization_id) => ({ organization_id, username: null, detail })));
    expect(await verifyChain(made.store.organization(id).read, key, {})).toMatchObject({ broken: null, checked: 2 });
    await signedUp('squatted', 0);
    await everywhere();
    expect(await left()).toEqual(['squatted']);
  });

  it('is left to whoever proved the email, signed in once, was enabled again, or has company; disabled, or with an act of a super admin in it, it stays', async () => {
    const at = new Date(someTime).toISOString();
    const [proven, used, enabled, company, disabled] = [
      await signedUp('proven', 30),
      await signedUp('used', 30),
      await signedUp('enabled', 30),
      await signedUp('company', 30),
      await signedUp('disabled', 30),
    ];
    const equipped = await signedUp('equipped', 30);
    await signedUp('young', 6);
    await change(proven.userId, { email_verified_at: at });
    await change(used.userId, { last_login_at: at });
    await change(enabled.userId, { enabled_at: at });
    await made.addUser(company.id, 'somebody-else');
    await made.store.platform.upkeep((tx) =>
      tx.updateTable('organizations').set({ disabled_at: at }).where('id', '=', disabled.id).execute(),
    );
    const superAdmin = { ...serviceActor, userId: newObjectId(), username: 'root' };
    await made.store
      .organization(equipped.id)
      .write(superAdmin, () => Promise.resolve({ value: null, audit: { action: 'machine_created' } }));
    await everywhere();
    expect(await left()).toEqual(['company', 'disabled', 'enabled', 'equipped', 'proven', 'used', 'young']);
    expect(told).toEqual([]);
  });

  it('is not the one that the operator made', async () => {
    const wish = {
      organization: 'Harbour',
      email: 'ada@example.test',
      username: 'ada',
      passwordHash: 'x',
      machine: null,
    };
    const { platform: _, ...making } = parts(30);
    await bootstrap({ ...making, store: made.store, newUuid: () => crypto.randomUUID() }, wish);
    await everywhere();
    expect(await left()).toEqual(['harbour']);
  });
});
