/** Fixes for an issue: offered by anybody in the organization, liked by others, and one of them accepted. */
import type { SelectQueryBuilder } from 'kysely';
import type { community } from '../../../protocol/api/community.ts';
import type { IssueReader } from '../../gateway/caller.ts';
import type { GroupHandlers } from '../../gateway/handlers.ts';
import { listed, totalOf } from '../../store/listed.ts';
import type { TenantTables } from '../../store/tables.ts';
import { noteUses } from '../uploads/upload-uses.ts';
import { fixShape } from './community-shapes.ts';

interface Parts {
  readonly now: () => number;
  readonly newObjectId: () => string;
}
type Named = 'listFixes' | 'createFix' | 'like' | 'unlike' | 'accept';

const GONE = { refuse: { code: 'not-found' } } as const;

export function fixesHandlers({ now, newObjectId }: Parts): Pick<GroupHandlers<typeof community>, Named> {
  const at = (): string => new Date(now()).toISOString();
  return {
    async listFixes({ query }, caller) {
      const { read, issue } = caller;
      const settled = await read
        .selectFrom('issues')
        .select('accepted_fix_id')
        .where('id', '=', issue.id)
        .executeTakeFirst();
      if (!settled) return GONE;
      const found = read.selectFrom('fixes').where('issue_id', '=', issue.id);
      const page = await listed(found, (all) => shownTo(caller, all), query);
      const fixes = page.rows.map((row) => fixShape(row, settled.accepted_fix_id));
      return { status: 200, body: { fixes, ...totalOf(page) } };
    },

    async createFix({ body }, caller) {
      const { issue, account } = caller;
      const row = {
        id: newObjectId(),
        issue_id: issue.id,
        content: body.content,
        author_username: account.username,
        created_at: at(),
      };
      const written = await caller.write(async (tx) => {
        const there = await tx.selectFrom('issues').select('id').where('id', '=', issue.id).executeTakeFirst();
        if (!there) return GONE;
        await tx
          .insertInto('fixes')
          .values({ ...row, author_id: account.id })
          .execute();
        await noteUses(tx, { issueId: issue.id, textId: row.id, text: row.content });
        return { value: null, audit: { action: 'fix_created', resource: row.id, detail: { issue_id: issue.id } } };
      });
      if ('refuse' in written) return written;
      return { status: 201, body: { fix: fixShape({ ...row, likes: 0, liked_by_me: false }, null) } };
    },

    async like({ params }, caller) {
      const liked = await isLiked(caller, params.fix_id);
      if (liked === null) return GONE;
      const done = { status: 200, body: { message: 'Fix liked' } } as const;
      if (caller.home.id !== caller.organization.id) return { refuse: { code: 'not-a-member' } };
      if (liked) return done;
      const { account, issue } = caller;
      const written = await caller.write(async (tx) => {
        const there = await tx.selectFrom('fixes').select('id').where('id', '=', params.fix_id).executeTakeFirst();
        if (!there) return GONE;
        await tx
          .insertInto('fix_likes')
          .values({ fix_id: params.fix_id, user_id: account.id, created_at: at() })
          .onConflict((oc) => oc.columns(['organization_id', 'fix_id', 'user_id']).doNothing())
          .execute();
        return { value: null, audit: { action: 'fix_liked', resource: params.fix_id, detail: { issue_id: issue.id } } };
      });
      return 'refuse' in written ? written : done;
    },

    async unlike({ params }, caller) {
      const liked = await isLiked(caller, params.fix_id);
      if (liked === null) return GONE;
      const done = { status: 200, body: { message: 'Like taken back' } } as const;
      if (!liked) return done;
      const { account, issue } = caller;
      const written = await caller.write(async (tx) => {
        await tx
          .deleteFrom('fix_likes')
          .where('fix_id', '=', params.fix_id)
          .where('user_id', '=', account.id)
          .execute();
        const detail = { issue_id: issue.id };
        return { value: null, audit: { action: 'fix_unliked', resource: params.fix_id, detail } };
      });
      return 'refuse' in written ? written : done;
    },

    async accept({ params }, caller) {
      const { issue } = caller;
      const written = await caller.write(async (tx) => {
        const there = await tx
          .selectFrom('fixes')
          .select('id')
          .where('id', '=', params.fix_id)
          .where('issue_id', '=', issue.id)
          .executeTakeFirst();
        if (!there) return GONE;
        await tx
          .updateTable('issues')
          .set({ status: 'resolved', accepted_fix_id: params.fix_id, updated_at: at() })
          .where('id', '=', issue.id)
          .execute();
        const detail = { issue_id: issue.id };
        return { value: null, audit: { action: 'fix_accepted', resource: params.fix_id, detail } };
      });
      return 'refuse' in written ? written : { status: 200, body: { message: 'Fix accepted' } };
    },
  };
}

/** Oldest first, with what others think of each. */
function shownTo({ account }: IssueReader, found: SelectQueryBuilder<TenantTables, 'fixes', object>) {
  return found
    .select((eb) => [
      'id',
      'issue_id',
      'content',
      'author_username',
      'created_at',
      eb
        .selectFrom('fix_likes')
        .select((inner) => inner.fn.countAll().as('count'))
        .whereRef('fix_likes.fix_id', '=', 'fixes.id')
        .as('likes'),
      eb
        .exists(
          eb
            .selectFrom('fix_likes')
            .select('user_id')
            .whereRef('fix_likes.fix_id', '=', 'fixes.id')
            .where('fix_likes.user_id', '=', account.id),
        )
        .as('liked_by_me'),
    ])
    .orderBy('created_at')
    .orderBy('id');
}

/** Null: the issue has no such fix. */
async function isLiked({ read, issue, account }: IssueReader, fixId: string): Promise<boolean | null> {
  const row = await read
    .selectFrom('fixes')
    .leftJoin('fix_likes', (join) =>
      join.onRef('fix_likes.fix_id', '=', 'fixes.id').on('fix_likes.user_id', '=', account.id),
    )
    .select('fix_likes.user_id as likedBy')
    .where('fixes.id', '=', fixId)
    .where('fixes.issue_id', '=', issue.id)
    .executeTakeFirst();
  return row ? row.likedBy !== null : null;
}
