/** Issues and fixes as the contract shows them, and the columns they are made of. */
import type { Selectable, SqlBool } from 'kysely';
import type { Fix, Issue, IssueSummary } from '../../../protocol/api/community.ts';
import type { TenantTables } from '../../store/tables.ts';
import { tagsOf } from '../machine-shape.ts';

export type IssueRow = Omit<Selectable<TenantTables['issues']>, 'organization_id' | 'accepted_fix_id'>;
type SummaryRow = Pick<IssueRow, 'id' | 'title' | 'status' | 'author_username' | 'created_at' | 'tags'> & {
  readonly fix_count: string | number | bigint | null;
};
type FixRow = Omit<Selectable<TenantTables['fixes']>, 'organization_id' | 'author_id'> & {
  readonly likes: string | number | bigint | null;
  readonly liked_by_me: SqlBool;
};

export function issueShape(row: IssueRow): Issue {
  return { ...row, tags: tagsOf(row) };
}

export function issueSummaryShape(row: SummaryRow): IssueSummary {
  return { ...row, tags: tagsOf(row), fix_count: Number(row.fix_count) };
}

export function fixShape({ id, likes, liked_by_me, ...row }: FixRow, acceptedFixId: string | null): Fix {
  return {
    ...row,
    fix_id: id,
    likes: Number(likes),
    liked_by_me: Boolean(liked_by_me),
    accepted: id === acceptedFixId,
  };
}
