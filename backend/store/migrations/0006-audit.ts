/** The audit at size: its words and indices, checkpoints where a prefix was cut, and what reconcilers hold on to. */
import type { Kysely, Migration } from 'kysely';
import { wordsOf } from '../audit-words.ts';
import type { Tables } from '../tables.ts';

export const audit: Migration = {
  async up(db: Kysely<Tables>) {
    await createIndices(db);
    await createWords(db);
    await indexWords(db);
    await db.schema
      .createTable('audit_checkpoints')
      .addColumn('organization_id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .addColumn('cut_at', 'text', (c) => c.notNull())
      .addColumn('signature', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('leases')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('holder', 'text', (c) => c.notNull())
      .addColumn('until', 'text', (c) => c.notNull())
      .execute();
    await db.schema.alterTable('machines').addColumn('connected_at', 'text').execute();
    await db.schema.createIndex('machines_by_connection').on('machines').column('connected_at').execute();
    await db.schema.createIndex('sessions_by_end').on('sessions').columns(['ended_at', 'started_at']).execute();
  },
};

/** Newest first within each: what a page shows is read off the end of one of them. */
const indices = {
  audit_entries_in_time: ['organization_id', 'created_at', 'seq'],
  audit_entries_by_action: ['organization_id', 'action', 'created_at', 'seq'],
  audit_entries_by_user: ['organization_id', 'user_id', 'created_at', 'seq'],
  audit_entries_by_user_and_action: ['organization_id', 'user_id', 'action', 'created_at', 'seq'],
  audit_entries_by_resource: ['organization_id', 'resource', 'created_at', 'seq'],
  audit_entries_by_status: ['organization_id', 'status', 'created_at', 'seq'],
} as const;

async function createIndices(db: Kysely<Tables>): Promise<void> {
  await db.schema.dropIndex('audit_entries_by_time').execute();
  for (const [name, columns] of Object.entries(indices)) {
    await db.schema
      .createIndex(name)
      .on('audit_entries')
      .columns([...columns])
      .execute();
  }
}

async function createWords(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('audit_words')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('word', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('audit_words_key', ['organization_id', 'word', 'created_at', 'seq'])
    .execute();
}

/** Few enough for what one statement may bind. */
const AT_ONCE = 100;

/** Of the entries that are there already. */
async function indexWords(db: Kysely<Tables>): Promise<void> {
  let last = '';
  for (;;) {
    const entries = await db
      .selectFrom('audit_entries')
      .selectAll()
      .where('id', '>', last)
      .orderBy('id')
      .limit(AT_ONCE)
      .execute();
    const rows = entries.flatMap((entry) =>
      wordsOf(entry).map((word) => ({
        organization_id: entry.organization_id,
        word,
        created_at: entry.created_at,
        seq: entry.seq,
      })),
    );
    if (rows.length > 0) await db.insertInto('audit_words').values(rows).execute();
    const end = entries.at(-1);
    if (!end) return;
    last = end.id;
  }
}
