/** Signing in with more than a password: what a sign-in has proven, codes by mail, and sign-ins by a provider. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const signIn: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable('sign_ins')
      .addColumn('proof', 'text', (c) => c.notNull().defaultTo('password'))
      .execute();
    await createOtpChallenges(db);
    await createIdentities(db);
    await createProviderFlows(db);
  },
};

/** One a sign-in at most: it takes its place and its organization from there. */
async function createOtpChallenges(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('otp_challenges')
    .addColumn('sign_in_id', 'text', (c) => c.primaryKey().references('sign_ins.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id').onDelete('cascade'))
    .addColumn('code_hash', 'text', (c) => c.notNull())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('otp_challenges_by_user').on('otp_challenges').column('user_id').execute();
  await db.schema.createIndex('otp_challenges_by_end').on('otp_challenges').column('expires_at').execute();
}

async function createIdentities(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('identities')
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('linked_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('identities_key', ['provider', 'user_id'])
    .addForeignKeyConstraint(
      'identities_user',
      ['organization_id', 'user_id'],
      'users',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('identities_by_subject').on('identities').columns(['provider', 'subject']).execute();
}

async function createProviderFlows(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('provider_flows')
    .addColumn('key_hash', 'text', (c) => c.primaryKey())
    .addColumn('stage', 'text', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('app', 'text')
    .addColumn('identity', 'text')
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('provider_flows_by_end').on('provider_flows').column('expires_at').execute();
}
