/** Which texts show which uploads: what no text shows is forgotten after a while. */
import { expressionBuilder, type Expression, type SqlBool } from 'kysely';
import { UPLOADS } from '../../../protocol/api/uploads.ts';
import type { Writes } from '../../store/store.ts';
import type { Tables, TenantTables } from '../../store/tables.ts';

/** In one text; what more it names is not counted as shown. */
const MOST = 100;

/** `textId`: the issue's own id, or that of one of its fixes. */
export async function noteUses(
  tx: Writes<TenantTables>,
  { issueId, textId, text }: { readonly issueId: string; readonly textId: string; readonly text: string },
): Promise<void> {
  await tx.deleteFrom('upload_uses').where('text_id', '=', textId).where('issue_id', '=', issueId).execute();
  const named = uploadsIn(text);
  if (named.length === 0) return;
  const there = await tx
    .selectFrom('uploads')
    .select('id')
    .where('id', 'in', named)
    .where('purpose', '=', 'community')
    .execute();
  for (const { id } of there) {
    await tx.insertInto('upload_uses').values({ upload_id: id, issue_id: issueId, text_id: textId }).execute();
  }
}

const address = new RegExp(`${UPLOADS}/([0-9a-f]{8}-[0-9a-f-]{27})(?![\\w-])`, 'g');
export function uploadsIn(text: string): readonly string[] {
  const ids = new Set<string>();
  for (const [, id] of text.matchAll(address)) {
    if (id !== undefined && ids.size < MOST) ids.add(id);
  }
  return [...ids];
}

const eb = expressionBuilder<Tables, 'uploads'>();
/** As a condition on a row of `uploads`. */
export function isShownNowhere(): Expression<SqlBool> {
  const uses = eb.selectFrom('upload_uses').select('text_id').whereRef('upload_uses.upload_id', '=', 'uploads.id');
  return eb.not(eb.exists(uses));
}
