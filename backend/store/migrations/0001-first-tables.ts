/** The first tables: organizations, their audit chain, users, sign-ins, machines and sessions. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

/** Built for both engines: text, integer, bigint and double precision mean the same in SQLite and PostgreSQL. */
export const firstTables: Migration = {
  async up(db: Kysely<Tables>) {
    await createOrganizations(db);
    await createAudit(db);
    await createUsers(db);
    await createSignIns(db);
    await createMachines(db);
    await createSessions(db);
  },
};

async function createOrganizations(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('organizations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('slug', 'text', (c) => c.notNull().unique())
    .addColumn('display_name', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('disabled_at', 'text')
    .execute();
}

/** No foreign key to users: an entry outlives whom it speaks of. */
async function createAudit(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('audit_heads')
    .addColumn('organization_id', 'text', (c) => c.primaryKey())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createTable('audit_entries')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('prev_hash', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('resource', 'text')
    .addColumn('user_id', 'text')
    .addColumn('username', 'text')
    .addColumn('ip_address', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('source', 'text')
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('audit_entries_in_order', ['organization_id', 'seq'])
    .execute();
  await db.schema
    .createIndex('audit_entries_by_time')
    .on('audit_entries')
    .columns(['organization_id', 'created_at'])
    .execute();
}

async function createUsers(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('username', 'text', (c) => c.notNull())
    .addColumn('username_key', 'text', (c) => c.notNull().unique())
    .addColumn('email', 'text', (c) => c.notNull())
    .addColumn('first_name', 'text', (c) => c.notNull())
    .addColumn('last_name', 'text', (c) => c.notNull())
    .addColumn('password_hash', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('machine_role', 'text', (c) => c.notNull())
    .addColumn('email_verified_at', 'text')
    .addColumn('disabled_at', 'text')
    .addColumn('enabled_at', 'text', (c) => c.notNull())
    .addColumn('last_login_at', 'text')
    .addColumn('api_key_hash', 'text', (c) => c.unique())
    .addColumn('api_key_last4', 'text')
    .addColumn('avatar_url', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('users_email_in_organization', ['organization_id', 'email'])
    // What belongs to a user names its organization too, so that nothing can cross the border between two.
    .addUniqueConstraint('users_in_organization', ['organization_id', 'id'])
    .execute();
  await db.schema.createIndex('users_by_email').on('users').column('email').execute();
}

async function createSignIns(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('sign_ins')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('ip_address', 'text')
    .addColumn('user_agent', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addColumn('revoked_at', 'text')
    .execute();
  await db.schema.createIndex('sign_ins_by_end').on('sign_ins').column('expires_at').execute();
  await db.schema
    .createTable('sign_in_accounts')
    .addColumn('sign_in_id', 'text', (c) => c.notNull().references('sign_ins.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('sign_in_accounts_key', ['sign_in_id', 'user_id'])
    .execute();
  await db.schema.createIndex('sign_in_accounts_by_user').on('sign_in_accounts').column('user_id').execute();
  await db.schema
    .createTable('login_throttles')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('tries', 'integer', (c) => c.notNull())
    .addColumn('last_try_at', 'text', (c) => c.notNull())
    .addColumn('blocked_until', 'text')
    .execute();
  await db.schema.createIndex('login_throttles_by_time').on('login_throttles').column('last_try_at').execute();
}

async function createMachines(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('machines')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('agent_id', 'text', (c) => c.notNull().unique())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('linux_user', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text')
    .addColumn('joined_at', 'text')
    .addColumn('joined_by_key_of', 'text')
    .addColumn('os', 'text')
    .addColumn('arch', 'text')
    .addColumn('hostname', 'text')
    .addColumn('agent_version', 'text')
    .addColumn('metadata', 'text', (c) => c.notNull())
    .addColumn('ip_address', 'text')
    .addColumn('cpu_percent', 'double precision')
    .addColumn('memory_percent', 'double precision')
    .addColumn('disk_percent', 'double precision')
    .addColumn('network_rx_bytes', 'double precision')
    .addColumn('network_tx_bytes', 'double precision')
    .addColumn('uptime_seconds', 'double precision')
    .addColumn('latency_ms', 'double precision')
    .addColumn('last_active_at', 'text')
    .addUniqueConstraint('machines_in_organization', ['organization_id', 'id'])
    .addForeignKeyConstraint('machines_owner', ['organization_id', 'owner_id'], 'users', ['organization_id', 'id'])
    .execute();
  await db.schema.createIndex('machines_by_owner').on('machines').columns(['organization_id', 'owner_id']).execute();
  await db.schema
    .createTable('registration_tokens')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('machine_id', 'text', (c) => c.notNull())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addColumn('used_at', 'text')
    .addForeignKeyConstraint(
      'registration_tokens_machine',
      ['organization_id', 'machine_id'],
      'machines',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('registration_tokens_by_machine')
    .on('registration_tokens')
    .columns(['organization_id', 'machine_id'])
    .execute();
  await db.schema
    .createTable('machine_grants')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('machine_id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('machine_role', 'text', (c) => c.notNull())
    .addColumn('granted_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('machine_grants_key', ['organization_id', 'machine_id', 'user_id'])
    .addForeignKeyConstraint(
      'machine_grants_machine',
      ['organization_id', 'machine_id'],
      'machines',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'machine_grants_user',
      ['organization_id', 'user_id'],
      'users',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('machine_grants_by_user')
    .on('machine_grants')
    .columns(['organization_id', 'user_id'])
    .execute();
}

async function createSessions(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('machine_id', 'text', (c) => c.references('machines.id').onDelete('set null'))
    .addColumn('agent_id', 'text', (c) => c.notNull())
    .addColumn('machine_name', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('username', 'text', (c) => c.notNull())
    .addColumn('open_id', 'text', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('browser', 'text')
    .addColumn('os', 'text')
    .addColumn('ip_address', 'text')
    .addColumn('machine_role', 'text', (c) => c.notNull())
    .addColumn('cols', 'integer', (c) => c.notNull())
    .addColumn('rows', 'integer', (c) => c.notNull())
    .addColumn('bytes_out', 'bigint', (c) => c.notNull())
    .addColumn('started_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('end_reason', 'text')
    .addColumn('exit_code', 'integer')
    .addUniqueConstraint('sessions_once_per_wish', ['organization_id', 'agent_id', 'user_id', 'open_id'])
    .execute();
  await db.schema
    .createIndex('sessions_by_user')
    .on('sessions')
    .columns(['organization_id', 'user_id', 'ended_at'])
    .execute();
  await db.schema.createIndex('sessions_by_machine').on('sessions').columns(['machine_id', 'ended_at']).execute();
}
