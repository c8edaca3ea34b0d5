/** Which sessions are recorded, and what became of their recordings. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const recordings: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable('sessions')
      .addColumn('recorded', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createIndex('sessions_of_recordings')
      .on('sessions')
      .columns(['organization_id', 'id'])
      .unique()
      .execute();
    await db.schema
      .createTable('recordings')
      .addColumn('session_id', 'text', (c) => c.primaryKey())
      .addColumn('organization_id', 'text', (c) => c.notNull())
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('replaced', 'integer', (c) => c.notNull())
      .addColumn('started_at', 'text', (c) => c.notNull())
      .addColumn('ended_at', 'text')
      .addColumn('verdict', 'text')
      .addColumn('gaps', 'text', (c) => c.notNull())
      .addForeignKeyConstraint(
        'recordings_session',
        ['organization_id', 'session_id'],
        'sessions',
        ['organization_id', 'id'],
        (c) => c.onDelete('cascade'),
      )
      .execute();
    await db.schema
      .createIndex('recordings_by_verdict')
      .on('recordings')
      .columns(['organization_id', 'verdict'])
      .execute();
  },
};
