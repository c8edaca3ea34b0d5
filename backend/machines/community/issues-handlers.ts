/** Issues: what does not work, and how it was settled. */
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { community } from '../../../protocol/api/community.ts';
import type { Input } from '../../../protocol/api/row.ts';
import type { Member } from '../../gateway/caller.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import { contains, listContains } from '../../store/contains.ts';
import { preparedList, totalOf } from '../../store/listed.ts';
import { isMachine } from '../../store/machine-ids.ts';
import type { Reads, Refused } from '../../store/store.ts';
import type { TenantTables } from '../../store/tables.ts';
import { noteUses } from '../uploads/upload-uses.ts';
import { issueShape, issueSummaryShape } from './community-shapes.ts';

interface Parts {
  readonly now: () => number;
  readonly newObjectId: () => string;
}
type Named = 'listIssues' | 'createIssue' | 'getIssue' | 'updateIssue' | 'deleteIssue';
type ListQuery = Input<(typeof community)['listIssues']>['query'];
type Change = Input<(typeof community)['updateIssue']>['body'];

const columns = [
  'id',
  'title',
  'description',
  'machine_id',
  'tags',
  'author_id',
  'author_username',
  'status',
  'created_at',
  'updated_at',
] as const;
/** Somebody deleted it since the path was looked at. */
const GONE = { refuse: { code: 'not-found' } } as const;
const NO_SUCH_MACHINE: Refused = {
  refuse: { code: 'invalid-fields', fields: [{ path: 'machine_id', message: 'is no machine that you see' }] },
};

export function issuesHandlers({ now, newObjectId }: Parts): Pick<GroupHandlers<typeof community>, Named> {
  const at = (): string => new Date(now()).toISOString();
  return {
    async listIssues({ query }, { read }) {
      const page = await issuesIn(read, query, (eb) => matches(eb, query));
      return { status: 200, body: { issues: page.rows.map(issueSummaryShape), ...totalOf(page) } };
    },

    async createIssue({ body }, caller) {
      const machineId = body.machine_id === undefined ? null : await machineOf(caller, body.machine_id);
      if (machineId === undefined) return NO_SUCH_MACHINE;
      const created_at = at();
      const row = {
        id: newObjectId(),
        title: body.title,
        description: body.description,
        machine_id: machineId,
        tags: JSON.stringify(body.tags ?? []),
        author_id: caller.account.id,
        author_username: caller.account.username,
        status: 'open' as const,
        created_at,
        updated_at: created_at,
      };
      const written = await caller.write(async (tx) => {
        await tx.insertInto('issues').values(row).execute();
        await noteUses(tx, { issueId: row.id, textId: row.id, text: row.description });
        return { value: row, audit: { action: 'issue_created', resource: row.id, detail: { title: row.title } } };
      });
      return 'refuse' in written ? written : { status: 201, body: { issue: issueShape(written.value) } };
    },

    async getIssue(_input, { read, issue }) {
      const row = await read.selectFrom('issues').select(columns).where('id', '=', issue.id).executeTakeFirst();
      return row ? { status: 200, body: { issue: issueShape(row) } } : GONE;
    },

    async updateIssue({ body }, caller) {
      const { issue } = caller;
      const written = await caller.write(async (tx) => {
        const row = await tx
          .updateTable('issues')
          .set({ ...columnsOf(body), updated_at: at() })
          .where('id', '=', issue.id)
          .returning(columns)
          .executeTakeFirst();
        if (!row) return GONE;
        await noteUses(tx, { issueId: issue.id, textId: issue.id, text: row.description });
        return { value: row, audit: { action: 'issue_updated', resource: issue.id, detail: changed(body) } };
      });
      return 'refuse' in written ? written : { status: 200, body: { issue: issueShape(written.value) } };
    },

    async deleteIssue(_input, caller) {
      const { issue } = caller;
      const written = await caller.write(async (tx) => {
        const deleted = await tx.deleteFrom('issues').where('id', '=', issue.id).executeTakeFirst();
        if (deleted.numDeletedRows === 0n) return GONE;
        return {
          value: null,
          audit: { action: 'issue_deleted', resource: issue.id, detail: { title: issue.title } },
        };
      });
      return 'refuse' in written ? written : { status: 200, body: { message: 'Issue deleted' } };
    },
  };
}

const issuesOf = (read: Reads<TenantTables>) => read.selectFrom('issues');
const newestFirst = (found: ReturnType<typeof issuesOf>) =>
  found
    .select((eb) => [
      'id',
      'title',
      'status',
      'author_username',
      'created_at',
      'tags',
      eb
        .selectFrom('fixes')
        .select((inner) => inner.fn.countAll().as('count'))
        .whereRef('fixes.issue_id', '=', 'issues.id')
        .as('fix_count'),
    ])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc');
const issuesIn = preparedList(issuesOf, newestFirst);

function matches(
  eb: ExpressionBuilder<TenantTables, 'issues'>,
  { q = '', status, tag }: ListQuery,
): Expression<SqlBool> {
  const texts = [eb.ref('issues.title'), eb.ref('issues.description'), eb.ref('issues.tags')];
  return eb.and([
    ...(status === undefined ? [] : [eb('issues.status', '=', status)]),
    ...(tag === undefined ? [] : [listContains(eb.ref('issues.tags'), tag)]),
    contains(texts, q.trim()),
  ]);
}

/** Undefined: the caller sees no such machine. */
async function machineOf({ read }: Member, named: string): Promise<string | undefined> {
  const row = await read
    .selectFrom('machines')
    .select('id')
    .where(isMachine([named]))
    .executeTakeFirst();
  return row?.id;
}

/** One that is open again has no fix that settled it. */
function columnsOf({ title, description, status, tags }: Change) {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags: JSON.stringify(tags) }),
    ...(status !== undefined && { status }),
    ...(status === 'open' && { accepted_fix_id: null }),
  };
}

/** A description can be long: that it changed is enough. */
function changed({ title, description, status, tags }: Change) {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description: 'changed' }),
    ...(tags !== undefined && { tags }),
    ...(status !== undefined && { status }),
  };
}
