/** Groups of users, and the machines granted to them. */
import type { Kysely, Migration } from 'kysely';
import type { Tables } from '../tables.ts';

export const groups: Migration = {
  async up(db: Kysely<Tables>) {
    await createGroups(db);
    await createGroupMembers(db);
    await createGroupMachines(db);
    // A super admin's sessions are in many organizations.
    await db.schema.createIndex('sessions_by_person').on('sessions').columns(['user_id', 'ended_at']).execute();
  },
};

async function createGroups(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('groups')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organization_id', 'text', (c) => c.notNull().references('organizations.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('groups_name_in_organization', ['organization_id', 'name_key'])
    .addUniqueConstraint('groups_in_organization', ['organization_id', 'id'])
    .execute();
}

async function createGroupMembers(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('group_members')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('user_id', 'text', (c) => c.notNull())
    .addColumn('added_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('group_members_key', ['organization_id', 'group_id', 'user_id'])
    .addForeignKeyConstraint(
      'group_members_group',
      ['organization_id', 'group_id'],
      'groups',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'group_members_user',
      ['organization_id', 'user_id'],
      'users',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('group_members_by_user')
    .on('group_members')
    .columns(['organization_id', 'user_id'])
    .execute();
}

async function createGroupMachines(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('group_machines')
    .addColumn('organization_id', 'text', (c) => c.notNull())
    .addColumn('group_id', 'text', (c) => c.notNull())
    .addColumn('machine_id', 'text', (c) => c.notNull())
    .addColumn('machine_role', 'text', (c) => c.notNull())
    .addColumn('added_by', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('group_machines_key', ['organization_id', 'group_id', 'machine_id'])
    .addForeignKeyConstraint(
      'group_machines_group',
      ['organization_id', 'group_id'],
      'groups',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'group_machines_machine',
      ['organization_id', 'machine_id'],
      'machines',
      ['organization_id', 'id'],
      (c) => c.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('group_machines_by_machine')
    .on('group_machines')
    .columns(['organization_id', 'machine_id'])
    .execute();
}
