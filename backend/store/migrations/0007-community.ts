/** What people of an organization tell each other, and the images they bring along. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const community: Migration = {
  async up(db: Kysely<Tables>) {
    await createIssues(db);
    await createFixes(db);
    await createUploads(db);
  },
};

async function createIssues(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('issues')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('machine_id', 'text', (c) => c.references('machines.id').onDelete('set null'))
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text', (c) => c.notNull())
    .addColumn('author_username', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('accepted_fix_id', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('issues_in_organization', ['organization_id', 'id'])
    .execute();
  await db.schema.createIndex('issues_by_time').on('issues').columns(['organization_id', 'created_at', 'id']).execute();
  await db.schema.createIndex('issues_by_machine').on('issues').column('machine_id').execute();
}

async function createFixes(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('fixes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('issue_id', 'text', (c) => c.notNull())
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('author_id', 'text', (c) => c.notNull())
    .addColumn('author_username', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('fixes_in_organization', ['organization_id', 'id'])
    .addForeignKeyConstraint('fixes_issue', ['organization_id', 'issue_id'], 'issues', ['organization_id', 'id'], (c) =>
      c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('fixes_by_issue')
    .on('fixes')
    .columns(['organization_id', 'issue_id', 'created_at', 'id'])
    .execute();
  await db.schema
    .createTable('fix_likes')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('fix_id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('fix_likes_key', ['organization_id', 'fix_id', 'user_id'])
    .addForeignKeyConstraint('fix_likes_fix', ['organization_id', 'fix_id'], 'fixes', ['organization_id', 'id'], (c) =>
      c.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'fix_likes_user',
      ['organization_id', 'user_id'],
      'users',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('fix_likes_by_user').on('fix_likes').columns(['organization_id', 'user_id']).execute();
}

async function createUploads(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('media_type', 'text', (c) => c.notNull())
    .addColumn('size', 'integer', (c) => c.notNull())
    .addColumn('width', 'integer', (c) => c.notNull())
    .addColumn('height', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('uploads_in_organization', ['organization_id', 'id'])
    .execute();
  await db.schema
    .createIndex('uploads_by_owner')
    .on('uploads')
    .columns(['organization_id', 'owner_id', 'purpose'])
    .execute();
  await db.schema
    .createTable('upload_uses')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('upload_id', 'text', (c) => c.notNull())
    .addColumn('issue_id', 'text', (c) => c.notNull())
    .addColumn('text_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('upload_uses_key', ['organization_id', 'upload_id', 'text_id'])
    .addForeignKeyConstraint('upload_uses_upload', ['organization_id', 'upload_id'], 'uploads', [
      'organization_id',
      'id',
    ])
    .addForeignKeyConstraint(
      'upload_uses_issue',
      ['organization_id', 'issue_id'],
      'issues',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('upload_uses_by_issue')
    .on('upload_uses')
    .columns(['organization_id', 'issue_id'])
    .execute();
}
