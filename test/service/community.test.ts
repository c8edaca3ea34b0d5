import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { community, type Fix, type Issue, type IssueSummary } from '../../protocol/api/community.ts';
import { machines } from '../../protocol/api/machines.ts';
import { startBackend, type Backend } from './backend.ts';
import { actingIn, aColleague, aMachine, anAdmin, aSuperAdmin, audit, type Person, asker } from './people.ts';
import { newObjectId } from './store.ts';

const ISSUES = '/api/community/issues';
let backend: Backend;
let admin: Person;
let author: Person;
let reader: Person;
let stranger: Person;
beforeAll(async () => {
  backend = await startBackend();
  admin = await anAdmin(backend);
  author = await aColleague(backend, admin);
  reader = await aColleague(backend, admin);
  stranger = await anAdmin(backend);
});
afterAll(() => backend[Symbol.asyncDispose]());

const ask = asker(() => backend);
const anIssue = async (who: Person, wish: object = {}): Promise<Issue> => {
  const answer = await ask('POST', ISSUES, who, { title: 'no sound', description: 'since **Monday**', ...wish });
  return community.createIssue.answer[201].parse(answer.body).issue;
};
const aFix = async (who: Person, { id }: Issue, content = 'turn it off and on'): Promise<Fix> =>
  community.createFix.answer[201].parse((await ask('POST', `${ISSUES}/${id}/fixes`, who, { content })).body).fix;
const fixesOf = async (who: Person, { id }: Issue): Promise<readonly Fix[]> =>
  community.listFixes.answer[200].parse((await ask('GET', `${ISSUES}/${id}/fixes`, who)).body).fixes;
const issueAgain = async (who: Person, { id }: Issue): Promise<Issue> =>
  community.getIssue.answer[200].parse((await ask('GET', `${ISSUES}/${id}`, who)).body).issue;
const listed = async (who: Person, query = ''): Promise<readonly IssueSummary[]> =>
  community.listIssues.answer[200].parse((await ask('GET', `${ISSUES}${query}`, who)).body).issues;
const auditOf = async (resource: string) =>
  (await audit(backend, admin)).filter((line) => line.resource === resource && line.status === 'success');

describe('an issue', () => {
  it('is told by anybody, and read as it was written by everybody in the organization', async () => {
    const written = {
      title: ' <b>loud</b> ',
      description: '<script>alert(1)</script>\n![](javascript:x)',
      tags: ['a'],
    };
    const made = await ask('POST', ISSUES, author, written);
    expect(made.status).toBe(201);
    const { issue } = community.createIssue.answer[201].parse(made.body);
    expect(issue).toMatchObject({
      title: '<b>loud</b>',
      description: written.description,
      tags: ['a'],
      machine_id: null,
      author_id: author.userId,
      author_username: author.username,
      status: 'open',
      created_at: issue.updated_at,
    });
    for (const who of [author, reader, admin]) expect(await issueAgain(who, issue)).toEqual(issue);
    expect(await auditOf(issue.id)).toMatchObject([{ action: 'issue_created', username: author.username }]);
  });

  it('names a machine by either of its ids, but none that its author does not see', async () => {
    const { agentId } = await aMachine(backend, author);
    const answer = await ask('GET', `/api/machines/${agentId}`, author);
    const { id } = machines.get.answer[200].parse(answer.body).machine;
    for (const machine_id of [id, agentId]) expect((await anIssue(author, { machine_id })).machine_id).toBe(id);
    const { agentId: hidden } = await aMachine(backend, admin);
    const body = { title: 'x', description: 'x' };
    for (const machine_id of [hidden, crypto.randomUUID(), newObjectId()]) {
      expect(await ask('POST', ISSUES, author, { ...body, machine_id })).toMatchObject({
        status: 400,
        body: { code: 'invalid-fields', fields: [{ path: 'machine_id', message: 'is no machine that you see' }] },
      });
    }
  });

  it('stays when its machine goes', async () => {
    const { agentId } = await aMachine(backend, author);
    const issue = await anIssue(author, { machine_id: agentId });
    await ask('DELETE', `/api/machines/${agentId}`, author);
    expect((await issueAgain(reader, issue)).machine_id).toBeNull();
  });

  it('is changed by its author and by admins, and by nobody else', async () => {
    const issue = await anIssue(author, { tags: ['old'] });
    const path = `${ISSUES}/${issue.id}`;
    expect(await ask('PUT', path, reader, { title: 'mine' })).toMatchObject({
      status: 403,
      body: { code: 'role-too-low' },
    });
    const changed = await ask('PUT', path, author, { description: 'since Tuesday', tags: ['new'] });
    expect(changed).toMatchObject({
      status: 200,
      body: { issue: { title: 'no sound', description: 'since Tuesday', tags: ['new'], status: 'open' } },
    });
    expect(await ask('PUT', path, admin, { status: 'closed' })).toMatchObject({
      body: { issue: { status: 'closed' } },
    });
    expect(await auditOf(issue.id)).toMatchObject([
      { action: 'issue_created' },
      { action: 'issue_updated', username: author.username, detail: { description: 'changed', tags: ['new'] } },
      { action: 'issue_updated', username: admin.username, detail: { status: 'closed' } },
    ]);
  });

  it('is deleted by its author and by admins, with its fixes', async () => {
    for (const who of [author, admin]) {
      const issue = await anIssue(author);
      await aFix(reader, issue);
      expect((await ask('DELETE', `${ISSUES}/${issue.id}`, reader)).status).toBe(403);
      expect((await ask('DELETE', `${ISSUES}/${issue.id}`, who)).status).toBe(200);
      expect((await ask('GET', `${ISSUES}/${issue.id}`, author)).status).toBe(404);
      expect((await auditOf(issue.id)).at(-1)).toMatchObject({ action: 'issue_deleted', username: who.username });
      const left = await backend.store
        .organization(admin.organizationId)
        .read.selectFrom('fixes')
        .select('id')
        .where('issue_id', '=', issue.id)
        .execute();
      expect(left).toEqual([]);
    }
  });

  it.each([
    ['no title', { description: 'x' }],
    ['an empty title', { title: ' ', description: 'x' }],
    ['a title that is too long', { title: 'x'.repeat(201), description: 'x' }],
    ['a description that is too long', { title: 'x', description: 'x'.repeat(20_001) }],
    ['a machine that is none', { title: 'x', description: 'x', machine_id: '7' }],
    ['tags that are none', { title: 'x', description: 'x', tags: [7] }],
  ])('with %s is refused', async (_what, body) => {
    expect(await ask('POST', ISSUES, author, body)).toMatchObject({ status: 400, body: { code: 'invalid-fields' } });
  });

  it.each([
    ['nothing', {}],
    ['a status that there is not', { status: 'solved' }],
    ['its author', { author_id: newObjectId() }],
  ])('is not changed by %s', async (_what, body) => {
    const issue = await anIssue(author);
    expect((await ask('PUT', `${ISSUES}/${issue.id}`, author, body)).status).toBe(400);
    expect(await issueAgain(author, issue)).toEqual(issue);
  });
});

describe('issues', () => {
  it('are listed newest first, with how many fixes they have, searched, filtered and paged', async () => {
    const person = await anAdmin(backend);
    const first = await anIssue(person, { title: 'Alpha', tags: ['web'] });
    await anIssue(person, { title: 'Beta', description: '100% broken', tags: ['web', 'db'] });
    await anIssue(person, { title: 'Gamma' });
    await aFix(person, first);
    await aFix(person, first);
    await ask('PUT', `${ISSUES}/${first.id}`, person, { status: 'closed' });
    const titles = async (query: string) => (await listed(person, query)).map(({ title }) => title);
    expect(await listed(person)).toMatchObject([
      { title: 'Gamma', fix_count: 0 },
      { title: 'Beta', tags: ['web', 'db'] },
      { id: first.id, title: 'Alpha', status: 'closed', author_username: person.username, fix_count: 2 },
    ]);
    expect(await titles('?status=open')).toEqual(['Gamma', 'Beta']);
    expect(await titles('?tag=web')).toEqual(['Beta', 'Alpha']);
    expect(await titles('?q=%25')).toEqual(['Beta']);
    expect(await titles('?q=ALPHA&status=closed')).toEqual(['Alpha']);
    const second = await ask('GET', `${ISSUES}?page=2&limit=2`, person);
    expect(second.body).toMatchObject({ issues: [{ title: 'Alpha' }], total: 3 });
    expect((await ask('GET', ISSUES, person)).body).not.toHaveProperty('total');
    expect((await ask('GET', `${ISSUES}?status=solved`, person)).status).toBe(400);
  });
});

describe('a fix', () => {
  it('is offered by anybody, read by everybody, oldest first', async () => {
    const issue = await anIssue(author);
    const fix = await aFix(reader, issue, 'pull the *plug*');
    await aFix(admin, issue);
    expect(fix).toMatchObject({
      issue_id: issue.id,
      content: 'pull the *plug*',
      author_username: reader.username,
      likes: 0,
      liked_by_me: false,
      accepted: false,
    });
    expect(await fixesOf(author, issue)).toMatchObject([fix, { author_username: admin.username }]);
    const paged = await ask('GET', `${ISSUES}/${issue.id}/fixes?page=2&limit=1`, author);
    expect(paged.body).toMatchObject({ fixes: [{ author_username: admin.username }], total: 2 });
    expect(await auditOf(fix.fix_id)).toMatchObject([{ action: 'fix_created', detail: { issue_id: issue.id } }]);
    expect((await ask('POST', `${ISSUES}/${issue.id}/fixes`, reader, { content: ' ' })).status).toBe(400);
  });

  it('is liked once by each, however often they say so, also at once', async () => {
    const issue = await anIssue(author);
    const fix = await aFix(author, issue);
    const path = `${ISSUES}/${issue.id}/fixes/${fix.fix_id}/like`;
    const answers = await Promise.all([1, 2, 3].map(() => ask('POST', path, reader)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await ask('POST', path, reader);
    await ask('POST', path, admin);
    expect(await fixesOf(reader, issue)).toMatchObject([{ likes: 2, liked_by_me: true }]);
    expect(await fixesOf(author, issue)).toMatchObject([{ likes: 2, liked_by_me: false }]);
    for (let i = 0; i < 2; i += 1) expect((await ask('DELETE', path, reader)).status).toBe(200);
    expect(await fixesOf(reader, issue)).toMatchObject([{ likes: 1, liked_by_me: false }]);
    const said = (await auditOf(fix.fix_id)).map(({ action, username }) => `${action} ${String(username)}`);
    expect(said).toContain(`fix_liked ${admin.username}`);
    expect(said.filter((line) => line === `fix_unliked ${reader.username}`)).toHaveLength(1);
  });

  it('is liked by people of its organization only: a super admin may offer one, not vote', async () => {
    const issue = await anIssue(author);
    const acting = await actingIn(backend, await aSuperAdmin(backend), admin.tenantId);
    const fix = await aFix(acting, issue);
    const path = `${ISSUES}/${issue.id}/fixes/${fix.fix_id}/like`;
    expect(await ask('POST', path, acting)).toMatchObject({ status: 409, body: { code: 'not-a-member' } });
    expect((await ask('DELETE', path, acting)).status).toBe(200);
    expect(await fixesOf(reader, issue)).toMatchObject([{ likes: 0 }]);
    const none = `${ISSUES}/${issue.id}/fixes/${newObjectId()}/like`;
    expect((await ask('POST', none, acting)).status).toBe(404);
  });

  it('is accepted by the author of the issue or an admin: one at a time, and the issue is resolved', async () => {
    const issue = await anIssue(author);
    const [first, second] = [await aFix(reader, issue), await aFix(reader, issue)];
    const accept = (who: Person, { fix_id }: Fix) => ask('POST', `${ISSUES}/${issue.id}/fixes/${fix_id}/accept`, who);
    expect(await accept(reader, first)).toMatchObject({ status: 403, body: { code: 'role-too-low' } });
    expect((await accept(author, first)).status).toBe(200);
    expect(await issueAgain(reader, issue)).toMatchObject({ status: 'resolved' });
    expect(await fixesOf(reader, issue)).toMatchObject([{ accepted: true }, { accepted: false }]);
    expect((await accept(admin, second)).status).toBe(200);
    expect(await fixesOf(reader, issue)).toMatchObject([{ accepted: false }, { accepted: true }]);
    expect((await auditOf(second.fix_id)).at(-1)).toMatchObject({ action: 'fix_accepted', username: admin.username });
    await ask('PUT', `${ISSUES}/${issue.id}`, author, { status: 'open' });
    expect(await fixesOf(reader, issue)).toMatchObject([{ accepted: false }, { accepted: false }]);
  });

  it('of another issue, or of none, is not found', async () => {
    const [issue, other] = [await anIssue(author), await anIssue(author)];
    const fix = await aFix(author, other);
    for (const id of [fix.fix_id, newObjectId()]) {
      for (const [method, act] of [
        ['POST', 'like'],
        ['DELETE', 'like'],
        ['POST', 'accept'],
      ] as const) {
        const answer = await ask(method, `${ISSUES}/${issue.id}/fixes/${id}/${act}`, author);
        expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
      }
    }
    expect(await issueAgain(author, issue)).toMatchObject({ status: 'open' });
  });
});

describe('another organization', () => {
  it('cannot tell an issue from nothing, whatever it tries', async () => {
    const issue = await anIssue(author);
    const { fix_id } = await aFix(author, issue);
    const before = [await issueAgain(author, issue), await fixesOf(author, issue)];
    for (const [method, suffix, body] of [
      ['GET', ''],
      ['PUT', '', { title: 'mine' }],
      ['DELETE', ''],
      ['GET', '/fixes'],
      ['POST', '/fixes', { content: 'mine' }],
      ['POST', `/fixes/${fix_id}/like`],
      ['DELETE', `/fixes/${fix_id}/like`],
      ['POST', `/fixes/${fix_id}/accept`],
    ] as const) {
      const foreign = await ask(method, `${ISSUES}/${issue.id}${suffix}`, stranger, body);
      const nowhere = await ask(method, `${ISSUES}/${newObjectId()}${suffix}`, stranger, body);
      expect(foreign, `${method} ${suffix}`).toMatchObject({ status: 404, body: { code: 'not-found' } });
      expect({ ...Object(foreign.body), request_id: '' }).toEqual({ ...Object(nowhere.body), request_id: '' });
    }
    expect(await listed(stranger)).toEqual([]);
    expect([await issueAgain(author, issue), await fixesOf(author, issue)]).toEqual(before);
  });
});
