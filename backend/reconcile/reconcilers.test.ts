import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newObjectId, someTime, temporaryStore, type TemporaryStore } from '../../test/service/store.ts';
import { verifyChain } from '../auth/audit/verify.ts';
import type { Bus } from '../bus/bus.ts';
import { createCheckpointKey } from '../store/chain.ts';
import type { Store } from '../store/store.ts';
import type { TenantTables } from '../store/tables.ts';
import { endAbandonedSessions } from './abandoned-sessions.ts';
import { trimAudit, TRIMMED } from './audit-retention.ts';
import { forgetExpired } from './expired.ts';
import { disableIdleAccounts } from './idle-accounts.ts';
import { takeLease } from './lease.ts';
import { findLostAgents } from './lost-agents.ts';
import { startReconcilers } from './reconcilers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (ms: number): string => new Date(someTime - ms).toISOString();
const now = (): number => someTime;
const { signal } = new AbortController();

let made: TemporaryStore;
let other: Store;
let acme: Awaited<ReturnType<TemporaryStore['addOrganization']>>;
let told: string[];
const bus: Pick<Bus, 'publish'> = { publish: (topic) => void told.push(topic) };
beforeEach(async () => {
  made = await temporaryStore();
  other = await made.again();
  acme = await made.addOrganization('acme');
  told = [];
});
afterEach(async () => {
  await other[Symbol.asyncDispose]();
  await made[Symbol.asyncDispose]();
});

/** On two nodes at once, then again: what had to be done is done once. */
async function everywhere(reconcile: (store: Store) => Promise<void>): Promise<void> {
  await Promise.all([reconcile(made.store), reconcile(other)]);
  await reconcile(made.store);
}
const within = () => made.store.organization(acme.id);
async function audited(action: string) {
  const rows = await within().read.selectFrom('audit_entries').selectAll().where('action', '=', action).execute();
  return rows.map(({ resource, username, detail }) => ({ resource, username, detail }));
}
const setMachine = (
  agentId: string,
  columns: { connected_at?: string; online_until?: string; last_active_at?: string },
) => within().upkeep((tx) => tx.updateTable('machines').set(columns).where('agent_id', '=', agentId).execute());

describe('agents whose service crashed', () => {
  it('are found to be away, once, and told', async () => {
    const { agentId: lost } = acme.machine;
    const { agentId: here } = await made.addMachine(acme.id, acme.adminId, 'here');
    const { agentId: fresh } = await made.addMachine(acme.id, acme.adminId, 'fresh');
    await setMachine(lost, { connected_at: ago(HOUR), online_until: ago(60_000) });
    await setMachine(here, { connected_at: ago(HOUR), online_until: new Date(someTime + 60_000).toISOString() });
    await setMachine(fresh, { connected_at: ago(1000) });
    await everywhere((store) => findLostAgents({ store, bus, now, graceMs: 120_000 }, signal));
    const rows = await within().read.selectFrom('machines').select('name').where('connected_at', 'is', null).execute();
    expect(rows).toEqual([{ name: 'acme-machine' }]);
    expect(await audited('agent_disconnected')).toEqual([{ resource: lost, username: null, detail: '{"why":"lost"}' }]);
    expect(told).toEqual(['machine.changed']);
  });
});

const session = (id: string, agentId: string, startedAt: string) => ({
  id,
  machine_id: null,
  agent_id: agentId,
  machine_name: 'x',
  user_id: acme.adminId,
  username: 'x',
  open_id: id,
  source: 'cli' as const,
  machine_role: 'non-sudo' as const,
  cols: 80,
  rows: 24,
  bytes_out: 0,
  started_at: startedAt,
});
describe('sessions whose agent never came back', () => {
  it('end when their time is over, once; those of an agent that is or was just there live on', async () => {
    const { agentId: away } = acme.machine;
    const { agentId: here } = await made.addMachine(acme.id, acme.adminId, 'here');
    const { agentId: recent } = await made.addMachine(acme.id, acme.adminId, 'recent');
    await setMachine(away, { last_active_at: ago(9 * HOUR) });
    await setMachine(here, { last_active_at: ago(9 * HOUR), connected_at: ago(9 * HOUR) });
    await setMachine(recent, { last_active_at: ago(HOUR) });
    const [old, young, live, kept] = Array.from({ length: 4 }, () => crypto.randomUUID());
    if (!old || !young || !live || !kept) throw new Error('no ids');
    const rows = [
      session(old, away, ago(10 * HOUR)),
      session(young, away, ago(HOUR)),
      session(live, here, ago(10 * HOUR)),
      session(kept, recent, ago(10 * HOUR)),
    ];
    await within().upkeep((tx) => tx.insertInto('sessions').values(rows).execute());
    await everywhere((store) => endAbandonedSessions({ store, bus, now, ttlMs: 8 * HOUR }, signal));
    const ended = await within()
      .read.selectFrom('sessions')
      .select(['id', 'end_reason'])
      .where('ended_at', 'is not', null)
      .execute();
    expect(ended).toEqual([{ id: old, end_reason: 'agent-gone' }]);
    expect(await audited('session_ended')).toMatchObject([{ resource: old }]);
    expect(told).toEqual(['session.ended', 'session.changed']);
  });
});

describe('accounts that nobody uses', () => {
  it('are disabled after 30 days, once, and told', async () => {
    const long = { enabled_at: ago(31 * DAY), last_login_at: ago(31 * DAY) };
    const idle = await made.addUser(acme.id, 'idle', long);
    await made.addUser(acme.id, 'seen', { ...long, last_login_at: ago(DAY) });
    await made.addUser(acme.id, 'enabled', { ...long, enabled_at: ago(DAY) });
    const before = await made.addUser(acme.id, 'disabled', { ...long, disabled_at: ago(5 * DAY) });
    await everywhere((store) => disableIdleAccounts({ store, bus, now }, signal));
    const disabled = await within()
      .read.selectFrom('users')
      .select(['id', 'disabled_at'])
      .where('disabled_at', 'is not', null)
      .execute();
    expect(disabled.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: idle, disabled_at: ago(0) },
      { id: before, disabled_at: ago(5 * DAY) },
    ]);
    expect(await audited('user_disabled')).toEqual([{ resource: idle, username: null, detail: '{"reason":"idle"}' }]);
    expect(told).toEqual(['user.disabled']);
  });
});

describe('what has run out', () => {
  it('is forgotten, and nothing else is', async () => {
    const token = (
      expiresAt: string,
    ): TenantTables['registration_tokens'] extends infer T ? Omit<T, 'organization_id'> : never => ({
      id: newObjectId(),
      machine_id: acme.machine.id,
      token_hash: newObjectId(),
      created_by: acme.adminId,
      created_at: ago(60 * DAY),
      expires_at: expiresAt,
      used_at: null,
    });
    await within().upkeep((tx) =>
      tx
        .insertInto('registration_tokens')
        .values([token(ago(31 * DAY)), token(ago(DAY))])
        .execute(),
    );
    await made.store.platform.upkeep(async (tx) => {
      for (const expires_at of [ago(31 * DAY), ago(DAY)]) {
        const id = crypto.randomUUID();
        await tx
          .insertInto('sign_ins')
          .values({ id, source: 'cli', created_at: ago(40 * DAY), expires_at, proof: 'password' })
          .execute();
        await tx.insertInto('sign_in_accounts').values({ sign_in_id: id, user_id: acme.adminId }).execute();
      }
      for (const last_try_at of [ago(2 * DAY), ago(HOUR)])
        await tx.insertInto('login_throttles').values({ key: last_try_at, tries: 1, last_try_at }).execute();
    });
    await everywhere((store) => forgetExpired({ store, now }, signal));
    const { read } = made.store.platform;
    expect(await read.selectFrom('registration_tokens').select('expires_at').execute()).toEqual([
      { expires_at: ago(DAY) },
    ]);
    expect(await read.selectFrom('sign_ins').select('expires_at').execute()).toEqual([{ expires_at: ago(DAY) }]);
    expect(await read.selectFrom('sign_in_accounts').select('user_id').execute()).toHaveLength(1);
    expect(await read.selectFrom('login_throttles').select('key').execute()).toEqual([{ key: ago(HOUR) }]);
  });

  it('are codes by mail, and sign-ins by a provider at each of their stages', async () => {
    const { id: organization_id, adminId: user_id } = acme;
    const soon = new Date(someTime + 1).toISOString();
    const stages = ['at-provider', 'begun', 'to-confirm', 'to-exchange'] as const;
    await made.store.platform.upkeep(async (tx) => {
      for (const expires_at of [ago(1), soon]) {
        const id = crypto.randomUUID();
        const created_at = ago(HOUR);
        await tx
          .insertInto('sign_ins')
          .values({ id, source: 'cli', created_at, expires_at: soon, proof: 'password' })
          .execute();
        await tx
          .insertInto('otp_challenges')
          .values({ sign_in_id: id, organization_id, user_id, code_hash: id, tries: 0, created_at, expires_at })
          .execute();
        for (const stage of stages)
          await tx
            .insertInto('provider_flows')
            .values({ key_hash: `${id} ${stage}`, stage, provider: 'github', expires_at })
            .execute();
      }
    });
    await everywhere((store) => forgetExpired({ store, now }, signal));
    const { read } = made.store.platform;
    const codes = await read.selectFrom('otp_challenges').select('expires_at').execute();
    expect(codes).toEqual([{ expires_at: soon }]);
    const flows = await read.selectFrom('provider_flows').select(['stage', 'expires_at']).orderBy('stage').execute();
    expect(flows).toEqual(stages.map((stage) => ({ stage, expires_at: soon })));
  });
});

const entries = () =>
  within().read.selectFrom('audit_entries').select(['seq', 'action', 'detail']).orderBy('seq').execute();
const write = (count: number) =>
  within().write({ userId: null, username: null, address: null, userAgent: null, source: null }, () =>
    Promise.resolve({
      value: null,
      audit: { action: 'step', resource: 'findable' },
      alsoAudit: Array.from({ length: count - 1 }, () => ({ action: 'step', resource: 'findable' })),
    }),
  );
describe('the retention of the audit', () => {
  const key = createCheckpointKey('a secret of thirty-two characters');
  const broken: unknown[] = [];
  const trim = (later: number) => (store: Store) =>
    trimAudit(
      {
        store,
        checkpoints: key,
        now: () => someTime + later,
        keptDays: 30,
        broken: (organizationId, at) => broken.push({ organizationId, ...at }),
      },
      signal,
    );

  it('cuts the beginning and signs it, so that the rest verifies; and again, and nothing twice', async () => {
    await write(1199);
    await everywhere(trim(31 * DAY));
    // Made at a time that is old by then, so the last cut took the entries of the two before it along.
    const left = await entries();
    expect(left.every(({ action }) => action === TRIMMED)).toBe(true);
    expect(left.map(({ seq }) => seq)).toEqual([1203]);
    expect(left[0]?.detail).toContain('"from_seq":1001,"to_seq":1202');
    expect(
      await within().read.selectFrom('audit_words').select('seq').where('word', '=', 'findable').execute(),
    ).toEqual([]);
    expect(await verifyChain(within().read, key, {})).toMatchObject({ checked: 1, broken: null });
    const stranger = createCheckpointKey('another secret of that same length');
    expect((await verifyChain(within().read, stranger, {})).broken).toEqual({ seq: 1203, reason: 'missing' });
  });

  it('keeps what is young, and makes no entries about nothing but its own', async () => {
    await write(9);
    await everywhere(trim(29 * DAY));
    expect(await entries()).toHaveLength(10);
    await everywhere(trim(31 * DAY));
    expect(await entries()).toHaveLength(1);
    await everywhere(trim(80 * DAY));
    expect((await entries()).map(({ seq }) => seq)).toEqual([11]);
  });

  it('cuts nothing where the chain is broken, and says so', async () => {
    await write(9);
    await made.store.platform.upkeep((tx) =>
      tx
        .updateTable('audit_entries')
        .set({ action: 'forged' })
        .where('seq', '=', 5)
        .where('organization_id', '=', acme.id)
        .execute(),
    );
    await trim(31 * DAY)(made.store);
    expect(await entries()).toHaveLength(10);
    expect(broken).toContainEqual({ organizationId: acme.id, seq: 5, reason: 'changed' });
  });
});

const take = (store: Store, holder: string, at: number) =>
  takeLease(store.platform, { name: 'a thing', holder, now: someTime + at, forMs: 1000 });
describe('a lease', () => {
  it('is had by one node, until it runs out or is renewed', async () => {
    const first = await Promise.all([take(made.store, 'a', 0), take(other, 'b', 0)]);
    expect(first.toSorted()).toEqual([false, true]);
    const [holder, waiting] = first[0] ? ['a', 'b'] : ['b', 'a'];
    expect(await take(other, waiting, 999)).toBe(false);
    expect(await take(made.store, holder, 999)).toBe(true);
    expect(await take(other, waiting, 1500)).toBe(false);
    expect(await take(other, waiting, 1999)).toBe(true);
  });
});

describe('reconcilers', () => {
  const failures: unknown[] = [];
  const parts = { log: { error: (failure: unknown) => void failures.push(failure) }, now, random: () => 0.5 };

  it('run again and again, by one of two nodes, also after a failure, until they are closed', async () => {
    const ran: string[] = [];
    const on = (store: Store, holder: string) =>
      startReconcilers(
        [
          {
            name: 'one',
            everyMs: 10,
            run: () => {
              ran.push(holder);
              return ran.length === 1 ? Promise.reject(new Error('a failure')) : Promise.resolve();
            },
          },
        ],
        { ...parts, store, holder },
      );
    const [a, b] = [on(made.store, 'a'), on(other, 'b')];
    await expect.poll(() => ran.length).toBeGreaterThan(2);
    await Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()]);
    // The clock stands still here, so whoever was first keeps the lease.
    expect(new Set(ran).size).toBe(1);
    expect(failures).toHaveLength(1);
    const after = ran.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(ran).toHaveLength(after);
  });
});
