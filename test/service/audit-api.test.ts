import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { audit as rows, sealedEntry, type SealedEntry } from '../../protocol/api/audit.ts';
import { PLATFORM } from '../../backend/store/store.ts';
import { startBackend, type Answered, type Backend } from './backend.ts';
import { aColleague, aMachine, anAdmin, audit, type Person } from './people.ts';
import { newObjectId } from './store.ts';

let backend: Backend;
let admin: Person;
let colleague: Person;
let stranger: Person;
let root: Person;
const clock = { ahead: 0 };
beforeAll(async () => {
  backend = await startBackend({ clock });
  admin = await anAdmin(backend);
  colleague = await aColleague(backend, admin);
  stranger = await anAdmin(backend);
  root = await aSuperAdmin();
});
afterAll(() => backend[Symbol.asyncDispose]());

/** Signed in after it became one, so that it acts in the platform. */
async function aSuperAdmin(): Promise<Person> {
  const person = await anAdmin(backend);
  await backend.store.platform.upkeep((tx) =>
    tx
      .updateTable('users')
      .set({ role: 'super_admin', organization_id: PLATFORM.id })
      .where('id', '=', person.userId)
      .execute(),
  );
  const { token } = await backend.signIn({ email: `${person.username}@example.test`, password: person.password });
  return { ...person, token, organizationId: PLATFORM.id };
}

const ask = (path: string, who: Person) => backend.request('GET', path, { token: who.token });
const listed = ({ body }: Answered) => rows.list.answer[200].parse(body);
const verified = ({ body }: Answered) => rows.verify.answer[200].parse(body);
const list = async (query: Record<string, string>, who: Person = admin) =>
  listed(await ask(`/api/audit?${new URLSearchParams(query).toString()}`, who));
const idsOf = ({ logs }: ReturnType<typeof listed>) => logs.map(({ id }) => id);
const slugOf = async (person: Person) => {
  const { read } = backend.store.platform;
  const found = read.selectFrom('organizations').select('slug').where('id', '=', person.organizationId);
  return (await found.executeTakeFirstOrThrow()).slug;
};
/** An entry of its own for each, as a write would make it. */
async function entries(
  who: Person,
  notes: readonly { action: string; resource?: string; detail?: object; status?: 'failure' }[],
) {
  const organization = backend.store.organization(who.organizationId);
  const actor = {
    userId: who.userId,
    username: who.username,
    address: '192.0.2.7',
    userAgent: 'x',
    source: 'cli',
  } as const;
  for (const note of notes)
    await organization.write(actor, () =>
      Promise.resolve({ value: null, audit: { ...note, detail: { ...note.detail } } }),
    );
}

describe('reading the audit', () => {
  it('shows the newest first, page by page, with all the fields of the contract', async () => {
    const who = await anAdmin(backend);
    await entries(
      who,
      Array.from({ length: 7 }, (_, i) => ({ action: `step_${i}`, resource: `r${i}` })),
    );
    const first = await list({ limit: '4' }, who);
    expect(first).toMatchObject({ total: 9, page: 1, limit: 4 });
    expect(first.logs.map(({ action }) => action)).toEqual(['step_6', 'step_5', 'step_4', 'step_3']);
    expect(first.logs[0]).toMatchObject({
      user_id: who.userId,
      username: who.username,
      tenant_id: await slugOf(who),
      resource: 'r6',
      ip_address: '192.0.2.7',
      user_agent: 'x',
      source: 'cli',
      status: 'success',
    });
    const all = [...first.logs, ...(await list({ limit: '4', page: '2' }, who)).logs];
    expect([...all, ...(await list({ limit: '4', page: '3' }, who)).logs].map(({ action }) => action)).toEqual([
      ...Array.from({ length: 7 }, (_, i) => `step_${6 - i}`),
      'login',
      'signup',
    ]);
    expect(await list({ page: '9' }, who)).toMatchObject({ logs: [], total: 9, page: 9 });
    expect((await list({}, who)).limit).toBe(50);
  });

  it('filters by each of its parameters, and by all of them together', async () => {
    const who = await anAdmin(backend);
    const other = await aColleague(backend, who);
    await entries(who, [{ action: 'made', resource: 'thing-1', detail: { name: 'Blue Harbour' } }]);
    clock.ahead += 60_000;
    const between = new Date(Date.now() + clock.ahead - 30_000).toISOString();
    await entries(other, [
      { action: 'made', resource: 'thing-2', detail: { name: 'red harbour', of: ['ada@example.org'] } },
      { action: 'unmade', resource: 'thing-1', status: 'failure', detail: { name: 'blue' } },
    ]);
    const found = async (query: Record<string, string>) => {
      const { logs, total } = await list(query, who);
      expect(total).toBe(logs.length);
      return logs.map(({ action, resource }) => `${action} ${resource}`);
    };
    expect(await found({ action: 'made' })).toEqual(['made thing-2', 'made thing-1']);
    expect(await found({ user_id: other.userId, resource: 'thing-1' })).toEqual(['unmade thing-1']);
    expect(await found({ status: 'failure' })).toEqual(['unmade thing-1']);
    expect(await found({ from: between, action: 'made' })).toEqual(['made thing-2']);
    expect(await found({ to: between, action: 'made' })).toEqual(['made thing-1']);
    // Words, whatever their case; all of them; parts of what has some.
    expect(await found({ q: 'HARBOUR' })).toEqual(['made thing-2', 'made thing-1']);
    expect(await found({ q: '  blue   harbour ' })).toEqual(['made thing-1']);
    expect(await found({ q: 'example.org' })).toEqual(['made thing-2']);
    expect(await found({ q: 'ada@example.org' })).toEqual(['made thing-2']);
    expect(await found({ q: 'thing-1 unmade' })).toEqual(['unmade thing-1']);
    expect(await found({ q: 'harb' })).toEqual([]);
    const all = {
      q: 'red',
      user_id: other.userId,
      action: 'made',
      resource: 'thing-2',
      status: 'success',
      from: between,
    };
    expect(await found(all)).toEqual(['made thing-2']);
    expect(await found({ ...all, user_id: newObjectId() })).toEqual([]);
    // The same moment, in another time zone.
    const zoned = `${new Date(Date.parse(between) + 2 * 3_600_000).toISOString().slice(0, -1)}+02:00`;
    expect(await found({ from: zoned, action: 'made' })).toEqual(['made thing-2']);
  });

  it.each(['page=0', 'limit=201', 'from=yesterday', 'format=xml', 'status=maybe', 'user_id=1', 'page=1&page=2'])(
    'refuses ?%s',
    async (query) => {
      expect(await ask(`/api/audit?${query}`, admin)).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
    },
  );
});

const tenants = async (who: Person) =>
  rows.tenants.answer[200].parse((await ask('/api/audit/tenants', who)).body).tenants.map((one) => one.tenant_id);

describe('whose audit it is', () => {
  it.each(['/api/audit', '/api/audit?format=csv', '/api/audit/tenants', '/api/audit/verify'])(
    'GET %s is for admins, and a refused wish is in the audit',
    async (path) => {
      const before = await audit(backend, admin);
      expect(await ask(path, colleague)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
      expect((await audit(backend, admin)).slice(before.length)).toMatchObject([
        { action: 'permission_denied', status: 'failure', username: colleague.username },
      ]);
    },
  );

  it('is one’s own organization’s: another is not found, whether it exists or not', async () => {
    const theirs = await slugOf(stranger);
    for (const tenant of [theirs, 'no-such-organization', PLATFORM.slug]) {
      for (const path of ['/api/audit', '/api/audit/verify']) {
        expect(await ask(`${path}?tenant_id=${tenant}`, admin)).toMatchObject({
          status: 404,
          body: { code: 'not-found' },
        });
      }
    }
    expect((await list({ tenant_id: await slugOf(admin) })).total).toBeGreaterThan(0);
    const words = JSON.stringify(await list({ q: stranger.username }));
    expect(words).not.toContain(stranger.userId);
    expect((await list({ user_id: stranger.userId })).logs).toEqual([]);
  });

  it('is any for a super admin, who names it', async () => {
    const theirs = await list({ tenant_id: await slugOf(stranger) }, root);
    expect(theirs.logs.map(({ tenant_id }) => tenant_id)).toContain(await slugOf(stranger));
    expect(idsOf(theirs)).toEqual(idsOf(await list({}, stranger)));
    expect(await ask('/api/audit?tenant_id=no-such-organization', root)).toMatchObject({ status: 404 });
    await ask('/api/audit?format=json', root);
    const own = await list({}, root);
    expect(new Set(own.logs.map(({ tenant_id }) => tenant_id))).toEqual(new Set([PLATFORM.slug]));
  });

  it('is named in the list of tenants', async () => {
    expect(await tenants(admin)).toEqual([await slugOf(admin)]);
    expect(await tenants(root)).toEqual(
      expect.arrayContaining([await slugOf(admin), await slugOf(stranger), 'platform']),
    );
  });
});

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(text: string): Record<string, string>[] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g;
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(field)) {
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') records.push([]);
  }
  const [names = [], ...lines] = records.slice(0, -1);
  return lines.map((line) => Object.fromEntries(names.map((name, i) => [name, line[i] ?? ''])));
}
const unguarded = (text: string | undefined) => text?.replace(/^'(?=[=+\-@\t\r])/, '');
const asJson = (answer: Answered): SealedEntry[] => z.array(sealedEntry).parse(answer.body);

describe('an export', () => {
  let who: Person;
  const odd = ['=HYPERLINK("http://evil.test")', '+1', '-1', '@x', '"quoted", with comma', 'two\r\nlines', 'ünï 💾'];
  beforeAll(async () => {
    who = await anAdmin(backend);
    await entries(
      who,
      Array.from({ length: 1234 }, (_, i) => ({
        action: i % 3 === 0 ? 'made' : 'unmade',
        resource: odd[i % odd.length] ?? '',
        detail: { i, name: odd[(i + 1) % odd.length] ?? '', list: ['a', 'b'] },
      })),
    );
  });
  const file = async (query: string) => ask(`/api/audit?${query}`, who);
  /** Everything that is filtered, from the list itself. */
  async function everything(query: Record<string, string>) {
    const all = [];
    for (let page = 1; ; page++) {
      const { logs } = await list({ ...query, limit: '200', page: String(page) }, who);
      if (logs.length === 0) return all.toReversed();
      all.push(...logs);
    }
  }

  it.each([{}, { action: 'made' }, { q: 'evil.test' }, { q: 'nothing-of-the-kind' }])(
    'as JSON is exactly what is filtered by %j',
    async (filter) => {
      const wanted = await everything(filter);
      const answer = await file(new URLSearchParams({ ...filter, format: 'json' }).toString());
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="audit-[\w.-]+\.json"$/);
      expect(answer.headers.get('content-type')).toContain('application/json');
      const got = asJson(answer).map(({ seq: _s, prev_hash: _p, hash: _h, organization_id: _o, ...entry }) => entry);
      expect(got).toEqual(wanted);
    },
  );

  it('as CSV is the same, and runs nothing in a spreadsheet', async () => {
    const wanted = await everything({ action: 'made' });
    const answer = await file('action=made&format=csv');
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('content-disposition')).toMatch(/\.csv"$/);
    const got = parseCsv(z.string().parse(answer.body));
    expect(got.map((record) => ({ ...record, resource: unguarded(record['resource']) }))).toMatchObject(
      wanted.map(({ detail, user_agent, ...entry }) => ({ ...entry, user_agent, detail: JSON.stringify(detail) })),
    );
    for (const field of got.flatMap((record) => Object.values(record))) expect(field).not.toMatch(/^[=+\-@\t\r]/);
  });

  it('is itself in the audit, with what was asked for, in the organization whose it is', async () => {
    await ask(`/api/audit?format=csv&action=made&tenant_id=${await slugOf(who)}`, root);
    expect((await audit(backend, who)).at(-1)).toMatchObject({
      action: 'audit_exported',
      username: root.username,
      detail: { format: 'csv', action: 'made' },
    });
  });
});

describe('verifying', () => {
  it('says that a chain is whole, and what its last entry is', async () => {
    const who = await anAdmin(backend);
    await aMachine(backend, who);
    const entriesThere = await backend.store
      .organization(who.organizationId)
      .read.selectFrom('audit_entries')
      .select(['seq', 'hash'])
      .orderBy('seq')
      .execute();
    expect(verified(await ask('/api/audit/verify', who))).toEqual({
      ok: true,
      checked: entriesThere.length,
      head: entriesThere.at(-1),
    });
    const tomorrow = new Date(Date.now() + clock.ahead + 86_400_000).toISOString();
    expect(verified(await ask(`/api/audit/verify?from=${tomorrow}`, who))).toMatchObject({ ok: true, checked: 0 });
    expect(verified(await ask(`/api/audit/verify?to=${tomorrow}`, who))).toMatchObject({ ok: true, checked: 3 });
    expect(verified(await ask(`/api/audit/verify?tenant_id=${await slugOf(who)}`, root))).toMatchObject({ checked: 3 });
  });

  it('says where it is broken', async () => {
    const who = await anAdmin(backend);
    await entries(who, [{ action: 'one' }, { action: 'two' }]);
    await backend.store.platform.upkeep((tx) =>
      tx
        .updateTable('audit_entries')
        .set({ username: 'somebody else' })
        .where('organization_id', '=', who.organizationId)
        .where('action', '=', 'one')
        .execute(),
    );
    expect(verified(await ask('/api/audit/verify', who))).toEqual({
      ok: false,
      checked: 2,
      broken_at: 3,
      reason: 'changed',
    });
  });
});
